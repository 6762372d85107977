package io.millrace.engine.queue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Any name in the letters that Kafka allows: letters, digits and dashes are themselves, an underscore is two, every other
 * byte of the UTF-8 is an underscore and two hexadecimal digits. So different names are different topics, also for Kafka,
 * which takes a dot and an underscore for the same in its metrics and refuses the second.
 */
final class SafeName {
    /** Kafka takes 249, of which ours all begin with the same up to 100. */
    private static final int MOST = 120;

    private SafeName() {}

    /** The safe name, or null if it would be too long or there is none. */
    static @Nullable String of(String name) {
        StringBuilder safe = new StringBuilder(name.length() + 8);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c == '_') {
                safe.append("__");
            } else if (isPlain(c)) {
                safe.append(c);
            } else {
                safe.append('_').append(HexFormat.of().toHexDigits(b));
            }
        }
        return safe.isEmpty() || safe.length() > MOST ? null : safe.toString();
    }

    /** The name that {@code safe} stands for, or null if it stands for none. */
    static @Nullable String nameOf(String safe) {
        byte[] utf8 = new byte[safe.length()];
        int length = 0;
        for (int i = 0; i < safe.length(); i++) {
            char c = safe.charAt(i);
            if (c != '_') {
                if (!isPlain(c)) {
                    return null;
                }
                utf8[length++] = (byte) c;
            } else if (i + 1 < safe.length() && safe.charAt(i + 1) == '_') {
                utf8[length++] = '_';
                i++;
            } else if (i + 2 < safe.length()
                    && HexFormat.isHexDigit(safe.charAt(i + 1))
                    && HexFormat.isHexDigit(safe.charAt(i + 2))) {
                utf8[length++] = (byte) HexFormat.fromHexDigits(safe, i + 1, i + 3);
                i += 2;
            } else {
                return null;
            }
        }
        String name = new String(utf8, 0, length, StandardCharsets.UTF_8);
        return safe.equals(of(name)) ? name : null;
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    }
}
