package io.millrace.loadtest;

import io.millrace.core.address.StateAddress;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * What is written: JSON objects of one size under keys drawn evenly.
 *
 * @param keys how many different ones
 * @param scopes over how many scopes they are spread, which decide the partition
 * @param valueBytes the size of every value, at least 32
 */
record Workload(int keys, int scopes, int valueBytes) {
    private static final int DIFFERENT_VALUES = 1_024;
    private static final long SEED = 20_260_101;

    Workload {
        if (keys < 1 || scopes < 1 || valueBytes < 32) {
            throw new IllegalArgumentException("workload: " + keys + " keys, " + scopes + " scopes, " + valueBytes
                    + " bytes (expected: at least 1, 1 and 32)");
        }
    }

    /** Where a key lives. */
    StateAddress address(int key) {
        return new StateAddress("load-" + key % scopes, "key-" + key);
    }

    /** The same draws each time. */
    Draws draws() {
        return new Draws(this);
    }

    /** An endless series of keys and values. */
    static final class Draws {
        private final SplittableRandom random = new SplittableRandom(SEED);
        private final byte[][] values = new byte[DIFFERENT_VALUES][];
        private final int keys;

        private Draws(Workload workload) {
            keys = workload.keys();
            for (int i = 0; i < values.length; i++) {
                String head = "{\"n\":" + (1_000_000 + i) + ",\"text\":\"";
                String padding = "x".repeat(workload.valueBytes() - head.length() - 2);
                values[i] = (head + padding + "\"}").getBytes(StandardCharsets.UTF_8);
            }
        }

        int key() {
            return random.nextInt(keys);
        }

        /** Not to be changed. */
        byte[] value() {
            return values[random.nextInt(values.length)];
        }
    }
}
