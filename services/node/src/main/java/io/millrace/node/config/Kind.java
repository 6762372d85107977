package io.millrace.node.config;

/** A family of values and how they are written. */
interface Kind<T> {
    /**
     * The value that {@code text} stands for.
     *
     * @throws Unfit if it stands for none of this kind within its bounds
     */
    T read(String text) throws Unfit;

    /** What it takes, in words that finish the sentence "expected: …": {@code a whole number from 0 to 65535}. */
    String expected();
}
