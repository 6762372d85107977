package io.millrace.core.change;

import io.millrace.core.value.JsonText;
import java.nio.charset.StandardCharsets;

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
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException("mutation_id: " + bytes + " bytes (expected: 1 to " + MAX_BYTES + ")");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
