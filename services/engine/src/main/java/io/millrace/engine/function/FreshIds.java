package io.millrace.engine.function;

import io.millrace.core.change.MutationId;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Mutation ids for callers that give none: never the same twice, in whatever process. Cheap, because chance is asked only
 * once. Calls may come from any thread.
 */
public final class FreshIds implements Supplier<MutationId> {
    /** Enough for two processes never to draw the same. */
    public static final int CHANCE_BYTES = 16;

    private final String prefix;
    private final AtomicLong given = new AtomicLong();

    /**
     * Ids of one process.
     *
     * @param chance {@value #CHANCE_BYTES} bytes from a source that no other process shares and nobody can guess
     */
    public FreshIds(byte[] chance) {
        if (chance.length != CHANCE_BYTES) {
            throw new IllegalArgumentException("chance: " + chance.length + " bytes (expected: " + CHANCE_BYTES + ")");
        }
        prefix = HexFormat.of().formatHex(chance) + '-';
    }

    @Override
    public MutationId get() {
        return new MutationId(prefix + Long.toHexString(given.incrementAndGet()));
    }
}
