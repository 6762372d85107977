package io.millrace.node.config;

/** How log lines are written. */
public enum LogFormat {
    /** A line of words and key=value pairs. */
    TEXT,
    /** One JSON object per line. */
    JSON
}
