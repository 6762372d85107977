package io.millrace.engine.surface;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** W3C baggage, {@code key=value;properties,key=value}, as a map. What is no member is left out. */
final class Baggage {
    private Baggage() {}

    static Map<String, String> of(@Nullable String header) {
        if (header == null) {
            return Map.of();
        }
        Map<String, String> members = new LinkedHashMap<>();
        for (String member : header.split(",", -1)) {
            String pair = member.split(";", 2)[0];
            int equals = pair.indexOf('=');
            if (equals > 0) {
                members.put(
                        pair.substring(0, equals).strip(),
                        decoded(pair.substring(equals + 1).strip()));
            }
        }
        return Collections.unmodifiableMap(members);
    }

    private static String decoded(String text) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(text.length());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int i = 0;
        while (i < bytes.length) {
            int octet = bytes[i] == '%' && i + 2 < bytes.length ? octet(bytes[i + 1], bytes[i + 2]) : -1;
            decoded.write(octet < 0 ? bytes[i] : octet);
            i += octet < 0 ? 1 : 3;
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    private static int octet(byte high, byte low) {
        int h = Character.digit(high, 16);
        int l = Character.digit(low, 16);
        return h < 0 || l < 0 ? -1 : h * 16 + l;
    }
}
