package io.millrace.web.http;

/** Gets told what happens on the port of the http triggers, to count it. Calls come on I/O threads and must return at once. */
public interface HttpEvents {
    /** Nobody is told anything. */
    HttpEvents NONE = new HttpEvents() {};

    /** A request has come. */
    default void begun() {}

    /** The answer to a request begins; {@code tookNanos} since its head was read. */
    default void answered(int status, long tookNanos) {}

    /** A request is over, answered or not. */
    default void ended() {}

    /** A client was cut off because it took nothing of its answer for too long. */
    default void stalled() {}
}
