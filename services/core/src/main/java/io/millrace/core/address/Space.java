package io.millrace.core.address;

/** The two families of addresses. Each has a change topic of its own. */
public enum Space {
    /** Scope and key. */
    STATE,
    /** Stream, group and item. */
    STREAM
}
