package io.millrace.web.admin;

/** What a node tells about itself. Asked on threads that may wait a little. */
public interface Observed {
    /** Whether the process works at all; if not it should be restarted. */
    Condition live();

    /** Whether calls and subscriptions are served now. */
    Condition ready();

    /** All meters, in the Prometheus text format 0.0.4. */
    String metrics();
}
