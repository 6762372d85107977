package io.millrace.node.config;

/** How important a log line is, the least important first. */
public enum LogLevel {
    /** Every step. */
    TRACE,
    /** What helps to find a fault. */
    DEBUG,
    /** What an operator wants to know. */
    INFO,
    /** What may need looking after. */
    WARN,
    /** What needs looking after. */
    ERROR
}
