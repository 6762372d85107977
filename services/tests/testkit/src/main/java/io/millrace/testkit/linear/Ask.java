package io.millrace.testkit.linear;

/** What a client asks of one key. Values are texts that are compared as they are; a counter's is a whole number. */
public sealed interface Ask {
    /** Read it. */
    record Get() implements Ask {}

    /** Make it this. */
    record Put(String value) implements Ask {}

    /**
     * Make it this if it has this version.
     *
     * @param version 0: if there is none
     */
    record PutIf(String value, long version) implements Ask {}

    /** Add to it; what is missing counts as 0. */
    record Add(long by) implements Ask {}

    /** Make it missing. */
    record Remove() implements Ask {}
}
