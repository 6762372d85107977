package io.millrace.web.socket;

import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The negotiation of RFC 7692. We answer with "no context takeover" for both sides, whatever was offered: nothing is then
 * kept between messages, neither here nor there.
 */
final class PermessageDeflate {
    private static final String NAME = "permessage-deflate";
    private static final String ANSWER = NAME + "; server_no_context_takeover; client_no_context_takeover";
    /** The only window our compressor has: 32 KiB. */
    private static final String WINDOW_BITS = "15";

    private PermessageDeflate() {}

    /** What to answer to the first offer that we can accept; null if there is none. */
    static @Nullable String answer(HeaderMap request) {
        for (String line : request.eachValue(Headers.SEC_WEB_SOCKET_EXTENSIONS)) {
            for (String offer : line.split(",", -1)) {
                String answer = answerTo(offer.split(";", -1));
                if (answer != null) {
                    return answer;
                }
            }
        }
        return null;
    }

    /** An offer that has anything else in it, or anything twice, has to be declined. */
    private static @Nullable String answerTo(String[] parts) {
        if (!parts[0].trim().equals(NAME)) {
            return null;
        }
        String answer = ANSWER;
        Set<String> seen = new HashSet<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String name = (equals < 0 ? parts[i] : parts[i].substring(0, equals)).trim();
            String value =
                    equals < 0 ? null : unquoted(parts[i].substring(equals + 1).trim());
            boolean fits = switch (name) {
                case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
                // A smaller window is asked for: ours has one size.
                case "server_max_window_bits" -> WINDOW_BITS.equals(value);
                // It says what the client could do; we read any.
                case "client_max_window_bits" -> value == null || isWindow(value);
                default -> false;
            };
            if (!fits || !seen.add(name)) {
                return null;
            }
            if (name.equals("server_max_window_bits")) {
                answer += "; server_max_window_bits=" + WINDOW_BITS;
            }
        }
        return answer;
    }

    private static boolean isWindow(String value) {
        return value.matches("[89]|1[0-5]");
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
