package io.millrace.node.config;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of values that settings take. */
final class Kinds {
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,3})?) ?([A-Za-z]*)");
    private static final Map<String, Long> SIZES = units("GiB", 1L << 30, "MiB", 1L << 20, "KiB", 1L << 10, "B", 1L);
    private static final Map<String, Long> SPANS =
            units("d", 86_400_000L, "h", 3_600_000L, "m", 60_000L, "s", 1_000L, "ms", 1L);

    private Kinds() {}

    private record Of<T>(String expected, Reader<T> reader) implements Kind<T> {
        @Override
        public T read(String text) throws Unfit {
            return reader.read(text.strip());
        }
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(String text) throws Unfit;
    }

    /** Whole numbers within bounds, both inclusive. */
    static Kind<Integer> whole(int min, int max) {
        return new Of<>("a whole number from " + min + " to " + max, text -> {
            if (!text.matches("-?[0-9]{1,10}")) {
                throw new Unfit();
            }
            return (int) bounded(Long.parseLong(text), min, max);
        });
    }

    /** Yes or no. */
    static Kind<Boolean> flag() {
        return new Of<>("true or false", text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Unfit();
        });
    }

    /** TCP ports; 0 lets the system choose. */
    static Kind<Integer> port() {
        return new Of<>("a port from 0 (any free one) to 65535", whole(0, 65_535)::read);
    }

    /** Sizes in bytes within bounds, both inclusive. */
    static Kind<Long> size(String min, String max) {
        return new Of<>(
                "a size in B, KiB, MiB or GiB, from " + min + " to " + max,
                quantity(SIZES, known(min, SIZES), known(max, SIZES)));
    }

    /** Lengths of time within bounds, both inclusive. */
    static Kind<Duration> span(String min, String max) {
        Reader<Long> millis = quantity(SPANS, known(min, SPANS), known(max, SPANS));
        return new Of<>(
                "a time in ms, s, m, h or d, from " + min + " to " + max, text -> Duration.ofMillis(millis.read(text)));
    }

    /** One of the names of an enum's constants, in lower case. */
    static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
        Map<String, E> byName = Arrays.stream(type.getEnumConstants())
                .collect(Collectors.toMap(
                        constant -> constant.name().toLowerCase(Locale.ROOT),
                        Function.identity(),
                        (a, b) -> a,
                        LinkedHashMap::new));
        return new Of<>(String.join(" or ", byName.keySet()), text -> known(byName.get(text)));
    }

    /** Text of a form. */
    static Kind<String> text(String expected, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return new Of<>(expected, text -> {
            if (!pattern.matcher(text).matches()) {
                throw new Unfit();
            }
            return text;
        });
    }

    /** A host name or address to bind to or to be reached at. */
    static Kind<String> host() {
        return text("a host name or an address", "[A-Za-z0-9._:%\\[\\]-]{1,253}");
    }

    /** A folder, which need not exist. */
    static Kind<Path> folder() {
        return path("the path of a folder");
    }

    /** A file. */
    static Kind<Path> file() {
        return path("the path of a file");
    }

    private static Kind<Path> path(String expected) {
        return new Of<>(expected, text -> {
            try {
                if (text.isEmpty()) {
                    throw new Unfit();
                }
                return Path.of(text).toAbsolutePath().normalize();
            } catch (InvalidPathException e) {
                throw new Unfit();
            }
        });
    }

    /** What {@code kind} takes, or a word that leaves the choice to us. */
    static <T> Kind<Optional<T>> or(String word, Kind<T> kind) {
        return new Of<>(
                (word.isEmpty() ? "nothing" : word) + " or " + kind.expected(),
                text -> text.equals(word) ? Optional.empty() : Optional.of(kind.read(text)));
    }

    /** Any number of values separated by commas. */
    static <T> Kind<List<T>> list(Kind<T> kind) {
        return new Of<>("any number, separated by commas, of: " + kind.expected(), text -> {
            List<T> values = new java.util.ArrayList<>();
            for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
                values.add(kind.read(part.strip()));
            }
            return List.copyOf(values);
        });
    }

    private static Reader<Long> quantity(Map<String, Long> units, long min, long max) {
        return text -> {
            Matcher matcher = QUANTITY.matcher(text);
            if (!matcher.matches()) {
                throw new Unfit();
            }
            // Zero is zero in any unit; everything else has to say which.
            boolean zero = new BigDecimal(matcher.group(1)).signum() == 0;
            String unit = matcher.group(2).toLowerCase(Locale.ROOT);
            long factor = zero && unit.isEmpty() ? 1 : known(units.get(unit));
            try {
                return bounded(
                        new BigDecimal(matcher.group(1))
                                .multiply(BigDecimal.valueOf(factor))
                                .longValueExact(),
                        min,
                        max);
            } catch (ArithmeticException e) {
                throw new Unfit();
            }
        };
    }

    private static long bounded(long value, long min, long max) throws Unfit {
        if (value < min || value > max) {
            throw new Unfit();
        }
        return value;
    }

    private static <T> T known(@org.jspecify.annotations.Nullable T value) throws Unfit {
        if (value == null) {
            throw new Unfit();
        }
        return value;
    }

    private static long known(String bound, Map<String, Long> units) {
        try {
            return quantity(units, 0, Long.MAX_VALUE).read(bound);
        } catch (Unfit e) {
            throw new IllegalArgumentException("bound: " + bound + " (expected: a quantity with its unit)", e);
        }
    }

    private static Map<String, Long> units(Object... pairs) {
        Map<String, Long> units = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            units.put(((String) pairs[i]).toLowerCase(Locale.ROOT), (Long) pairs[i + 1]);
        }
        return units;
    }
}
