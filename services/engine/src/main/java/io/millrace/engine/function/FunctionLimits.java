package io.millrace.engine.function;

import io.millrace.core.value.JsonReader;

/**
 * What the built-in functions refuse before they do anything.
 *
 * @param maxValueBytes the largest value, as compact JSON; default 1 MiB, at least 1
 * @param maxValueDepth how deep arrays and objects of a value may nest; default 128, 1 to {@value
 *     JsonReader#MAX_DEPTH}
 * @param maxNameBytes the longest scope, key, stream name, group id, item id or event type, as UTF-8; default 4,096, at
 *     least 1
 * @param maxOps the most ops of one update; default 1,000, at least 1
 * @param maxListBytes the largest result of a list; default 64 MiB, at least 1
 */
public record FunctionLimits(int maxValueBytes, int maxValueDepth, int maxNameBytes, int maxOps, int maxListBytes) {
    /** No deeper than JSON can be read in the first place. */
    private static final int DEEPEST = JsonReader.MAX_DEPTH;

    /** The defaults. */
    public static final FunctionLimits DEFAULT = new FunctionLimits(1 << 20, 128, 4_096, 1_000, 64 << 20);

    /** Checks the bounds. */
    public FunctionLimits {
        atLeastOne("max_value_bytes", maxValueBytes);
        atLeastOne("max_value_depth", maxValueDepth);
        atLeastOne("max_name_bytes", maxNameBytes);
        atLeastOne("max_ops", maxOps);
        atLeastOne("max_list_bytes", maxListBytes);
        if (maxValueDepth > DEEPEST) {
            throw new IllegalArgumentException(
                    "max_value_depth: " + maxValueDepth + " (expected: at most " + DEEPEST + ")");
        }
    }

    private static void atLeastOne(String name, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException(name + ": " + limit + " (expected: at least 1)");
        }
    }
}
