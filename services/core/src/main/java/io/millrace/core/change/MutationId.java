package io.millrace.core.change;

import io.millrace.core.value.JsonText;

/**
 * The idempotency key of a mutation: asked twice under one id, it takes effect once.
 *
 * @param text 1 to {@value #MAX_BYTES} UTF-8 bytes
 */
public record MutationId(String text) {
    /** The longest id. */
    public static final int MAX_BYTES = 64;

    /** Checks the length, and that UTF-8 can hold the text: two ids must never become one. */
    public MutationId {
        if (JsonText.loneSurrogate(text) >= 0) {
            throw new IllegalArgumentException("mutation_id: lone surrogate (expected: valid Unicode)");
        }
        int bytes = utf8Bytes(text);
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException("mutation_id: " + bytes + " bytes (expected: 1 to " + MAX_BYTES + ")");
        }
    }

    private static int utf8Bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            // Each half of a surrogate pair makes for two of its four bytes.
            bytes += unit < 0x80 ? 1 : unit < 0x800 || Character.isSurrogate(unit) ? 2 : 3;
        }
        return bytes;
    }

    @Override
    public String toString() {
        return text;
    }
}
