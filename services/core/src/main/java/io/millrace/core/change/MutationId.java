package io.millrace.core.change;

import java.nio.charset.StandardCharsets;

/**
 * The idempotency key of a mutation: asked twice under one id, it takes effect once.
 *
 * @param text 1 to {@value #MAX_BYTES} UTF-8 bytes
 */
public record MutationId(String text) {
    /** The longest id. */
    public static final int MAX_BYTES = 64;

    /** Checks the length. */
    public MutationId {
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
