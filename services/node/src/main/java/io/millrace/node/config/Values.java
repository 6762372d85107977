package io.millrace.node.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The text of every setting, checked one by one, with where it came from. */
final class Values {
    private static final String OURS = "MILLRACE_";
    /** What the launcher reads, and what says where the file is. */
    private static final Set<String> OTHER_VARIABLES = Set.of("MILLRACE_JAVA_OPTS", "MILLRACE_CONFIG");

    private static final Map<String, Setting<?>> BY_NAME =
            Settings.ALL.stream().collect(Collectors.toMap(Setting::name, Function.identity()));
    private static final Map<String, Setting<?>> BY_VARIABLE =
            Settings.ALL.stream().collect(Collectors.toMap(Setting::variable, Function.identity()));

    private final Map<String, Given> given = new LinkedHashMap<>();
    private final Map<String, Given> client = new TreeMap<>();
    private final Map<String, Given> queues = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    private Values() {}

    /** Takes in all sources. Whatever is wrong is in {@link #problems()}. */
    static Values of(Sources sources) {
        Values values = new Values();
        Settings.ALL.forEach(
                setting -> values.given.put(setting.name(), new Given(setting.name(), setting.fallback(), "default")));
        Optional<java.nio.file.Path> file = sources.file()
                .or(() -> Optional.ofNullable(sources.environment().get("MILLRACE_CONFIG"))
                        .map(java.nio.file.Path::of));
        Map<String, String> seen = new LinkedHashMap<>();
        for (Given inFile : ConfigFile.read(file, sources.folder(), values.problems)) {
            String earlier = seen.put(inFile.name(), inFile.origin());
            if (earlier != null) {
                values.problems.add(inFile.name() + ": given twice (" + earlier + " and " + inFile.origin() + ")");
            }
            values.take(inFile);
        }
        new TreeMap<>(sources.environment()).forEach(values::takeVariable);
        new TreeMap<>(sources.options()).forEach((name, text) -> values.take(new Given(name, text, "command line")));
        Settings.ALL.forEach(values::check);
        values.queues.values().forEach(given -> QueueTable.problem(given).ifPresent(values.problems::add));
        return values;
    }

    /** What is wrong so far. The caller may add to it. */
    List<String> problems() {
        return problems;
    }

    /** The value of a setting that is right. */
    <T> T get(Setting<T> setting) {
        try {
            return setting.kind().read(given(setting).text());
        } catch (Unfit e) {
            throw new IllegalStateException(setting.name() + ": read before it was checked", e);
        }
    }

    Given given(Setting<?> setting) {
        Given there = given.get(setting.name());
        if (there == null) {
            throw new IllegalArgumentException(setting.name() + " (expected: a setting of the table)");
        }
        return there;
    }

    /** What is handed on to Kafka's clients, under their own names. */
    Map<String, Given> client() {
        return client;
    }

    /** What is said of single queues, by the settings' full names. */
    Map<String, Given> queues() {
        return queues;
    }

    private void take(Given value) {
        if (value.name().startsWith(Settings.CLIENT_PREFIX)) {
            client.put(value.name().substring(Settings.CLIENT_PREFIX.length()), value);
        } else if (value.name().startsWith(QueueTable.PREFIX)) {
            queues.put(value.name(), value);
        } else if (BY_NAME.containsKey(value.name())) {
            given.put(value.name(), value);
        } else {
            problems.add(unknown(value.name(), "setting", value.origin(), BY_NAME.keySet()));
        }
    }

    private void takeVariable(String variable, String text) {
        String clientPrefix = Setting.variable(Settings.CLIENT_PREFIX);
        Setting<?> setting = BY_VARIABLE.get(variable);
        if (setting != null) {
            take(new Given(setting.name(), text, variable));
        } else if (variable.startsWith(clientPrefix) && variable.length() > clientPrefix.length()) {
            // Kafka's own names have dots and nothing else between their words.
            String name = variable.substring(clientPrefix.length())
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '.');
            take(new Given(Settings.CLIENT_PREFIX + name, text, variable));
        } else if (variable.startsWith(OURS) && !OTHER_VARIABLES.contains(variable)) {
            problems.add(unknown(variable, "variable", "environment", BY_VARIABLE.keySet()));
        }
    }

    private void check(Setting<?> setting) {
        Given value = given(setting);
        try {
            setting.kind().read(value.text());
        } catch (Unfit e) {
            problems.add(setting.name() + ": \"" + Redaction.of(setting.name(), value.text()) + "\" (expected: "
                    + setting.kind().expected() + "; from " + value.origin() + ")");
        }
    }

    private static String unknown(String name, String what, String origin, Set<String> known) {
        String nearest = nearest(name, known.stream());
        return name + ": no such " + what + " (from " + origin
                + (nearest == null ? "" : "; did you mean " + nearest + "?") + ")";
    }

    /** The known name that takes the fewest edits, unless it takes so many that it was hardly meant. */
    static @Nullable String nearest(String name, Stream<String> known) {
        String best = null;
        int fewest = Math.max(2, name.length() / 3) + 1;
        for (String candidate : known.sorted().toList()) {
            int edits = edits(name, candidate);
            if (edits < fewest) {
                best = candidate;
                fewest = edits;
            }
        }
        return best;
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int swap = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(swap, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
