package io.millrace.node.config;

/** What a node does. */
public enum Role {
    /** Owns partitions. */
    STORE,
    /** Serves workers, HTTP requests and stream clients. */
    EDGE
}
