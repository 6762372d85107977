package io.millrace.engine.channel;

/** The part of a pipe at one of its two nodes. Calls may come from any thread, for what comes through the link in order. */
sealed interface Flow permits Inflow, Outflow {
    /** The other node says something. */
    void told(Wire.Message message);

    /** The other node is gone, or does not know this pipe. */
    void lost();
}
