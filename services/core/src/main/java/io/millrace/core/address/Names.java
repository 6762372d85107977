package io.millrace.core.address;

import java.nio.charset.StandardCharsets;

/** What every name must fulfil. How long it may be is the edge's business. */
final class Names {
    private Names() {}

    static void check(String field, String name) {
        int i = 0;
        while (i < name.length()) {
            int point = name.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                throw new MalformedNameException(
                        field + ": lone surrogate at index " + i + " (expected: valid Unicode)");
            }
            i += Character.charCount(point);
        }
    }

    static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
