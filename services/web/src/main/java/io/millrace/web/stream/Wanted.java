package io.millrace.web.stream;

import io.millrace.engine.feed.Mode;
import io.millrace.engine.feed.Mode.Every;
import io.millrace.engine.feed.Mode.Latest;
import io.millrace.engine.feed.Terms;
import io.millrace.web.listen.PercentEncoding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * On what terms a client wants to subscribe: {@code cursors}, {@code cursor}, {@code mode} and {@code interval}, in a join
 * message or in the query of a URL. All may be absent.
 */
sealed interface Wanted {
    /** Terms that can be had. */
    record Fit(Terms terms) implements Wanted {}

    /**
     * Terms that cannot.
     *
     * @param why a sentence for people
     */
    record Unfit(String why) implements Wanted {}

    /** What the data of a join message says. A number is no text, nor the other way round. */
    static Wanted of(JsonNode fields) {
        return new Reader(json(fields.path("cursors")), text(fields.path("cursor")), text(fields.path("mode")))
                .read(json(fields.path("interval")));
    }

    private static @Nullable String json(JsonNode field) {
        return field.isMissingNode() || field.isNull() ? null : field.toString();
    }

    private static @Nullable String text(JsonNode field) {
        return field.isString() ? field.asString() : json(field);
    }

    /**
     * What the query of a URL says that joins by itself.
     *
     * @param query not percent-decoded
     */
    static Wanted of(Map<String, List<String>> query) {
        return new Reader(value(query, "cursors"), value(query, "cursor"), value(query, "mode"))
                .read(value(query, "interval"));
    }

    /** What the query of a URL says that joins nothing: whether its frames are to tell cursors. */
    static Wanted ofOpen(Map<String, List<String>> query) {
        return new Reader(value(query, "cursors"), null, null).read(null);
    }

    /** The last one of that name. What cannot be decoded stays as it is: no term looks like that. */
    private static @Nullable String value(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.isEmpty()) {
            return null;
        }
        String decoded = PercentEncoding.decoded(values.getLast());
        return decoded == null ? values.getLast() : decoded;
    }

    /**
     * Reads terms.
     *
     * @param cursor empty for none
     */
    record Reader(
            @Nullable String cursors,
            @Nullable String cursor,
            @Nullable String mode) {
        private static final Pattern INTERVAL = Pattern.compile("[0-9]{1,7}");
        private static final int MOST_INTERVAL_MS = 3_600_000;
        private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]");
        private static final int MOST_QUOTED = 40;

        Wanted read(@Nullable String interval) {
            if (cursors != null && !cursors.equals("true") && !cursors.equals("false")) {
                return unfit("cursors", cursors, "true or false");
            }
            boolean latest = "latest".equals(mode);
            if (mode != null && !latest && !mode.equals("every")) {
                return unfit("mode", mode, "every or latest");
            }
            if (interval != null && !latest) {
                return unfit("interval", interval, "only with mode latest");
            }
            if (interval != null && !isInterval(interval)) {
                return unfit("interval", interval, "whole milliseconds, at most " + MOST_INTERVAL_MS);
            }
            Mode wanted = latest
                    ? new Latest(Duration.ofMillis(interval == null ? 0 : Integer.parseInt(interval)))
                    : Every.EVERY;
            boolean hasCursor = cursor != null && !cursor.isEmpty();
            return new Fit(new Terms(wanted, "true".equals(cursors), hasCursor ? cursor : null));
        }

        private static boolean isInterval(String text) {
            return INTERVAL.matcher(text).matches() && Integer.parseInt(text) <= MOST_INTERVAL_MS;
        }

        private static Wanted unfit(String what, String actual, String expected) {
            String shown = actual.length() > MOST_QUOTED ? actual.substring(0, MOST_QUOTED) + "..." : actual;
            String harmless = UNPRINTABLE.matcher(shown).replaceAll("?");
            return new Unfit(what + ": " + harmless + " (expected: " + expected + ")");
        }
    }
}
