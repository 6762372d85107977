package io.millrace.testkit.linear;

import org.jspecify.annotations.Nullable;

/** What a client was told. */
public sealed interface Answer {
    /** The version of a read that does not tell it. */
    long NOT_TOLD = -1;

    /**
     * What was read.
     *
     * @param value null: it is missing
     * @param version {@link #NOT_TOLD} if only the value was; 0 if it is missing
     */
    record Seen(@Nullable String value, long version) implements Answer {
        /** A read that tells no version. */
        public Seen(@Nullable String value) {
            this(value, NOT_TOLD);
        }
    }

    /**
     * It was written.
     *
     * @param before null: it was missing
     */
    record Written(@Nullable String before, String after, long version) implements Answer {}

    /**
     * It is missing now.
     *
     * @param before null: it was so already
     */
    record Removed(@Nullable String before) implements Answer {}

    /**
     * It had another version than was asked for, so nothing was done.
     *
     * @param current 0: it is missing
     */
    record Refused(long current) implements Answer {}

    /** Nobody knows. It may have been done, may be done at any time from now on, or never. */
    record Unknown() implements Answer {}
}
