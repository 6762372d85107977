package io.millrace.web.http;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The headers of an answer as functions give them. What is no header is left out. */
final class UserHeaders {
    /** They are about the connection, which is ours. */
    private static final Set<String> OURS =
            Set.of("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");

    private static final String TOKEN = "!#$%&'*+-.^_`|~";

    private UserHeaders() {}

    /** Of an object with strings, or an array of {@code "Name: value"}, which may name one several times. */
    static HeaderMap of(JsonNode given) {
        HeaderMap headers = new HeaderMap();
        addTo(headers, given);
        return headers;
    }

    static void addTo(HeaderMap headers, JsonNode given) {
        if (given.isObject()) {
            given.properties().forEach(field -> {
                if (field.getValue().isString()) {
                    String value = field.getValue().stringValue();
                    if (isHeader(field.getKey(), value)) {
                        headers.put(new HttpString(field.getKey()), value);
                    }
                }
            });
        } else if (given.isArray()) {
            given.forEach(line -> {
                if (line.isString()) {
                    addLine(headers, line.stringValue());
                }
            });
        }
    }

    private static void addLine(HeaderMap headers, String line) {
        int colon = line.indexOf(':');
        if (colon > 0) {
            String name = line.substring(0, colon).strip();
            String value = line.substring(colon + 1).strip();
            if (isHeader(name, value)) {
                headers.add(new HttpString(name), value);
            }
        }
    }

    private static boolean isHeader(String name, String value) {
        return !name.isEmpty()
                && name.chars().allMatch(UserHeaders::isToken)
                && isVisible(value)
                && !OURS.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Whether a value is visible ASCII, blanks and tabs. */
    static boolean isVisible(String value) {
        return value.chars().allMatch(unit -> (unit >= ' ' && unit < 0x7f) || unit == '\t');
    }

    private static boolean isToken(int unit) {
        boolean letter = (unit >= 'a' && unit <= 'z') || (unit >= 'A' && unit <= 'Z');
        return letter || (unit >= '0' && unit <= '9') || TOKEN.indexOf(unit) >= 0;
    }
}
