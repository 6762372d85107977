package io.millrace.web.socket;

/**
 * Where a socket is in its life.
 *
 * <pre>
 * Open --we close--> Closing --peer closes, or time is up--> Closed
 * Open --peer closes--> Answering --answer is out--> Closed
 * </pre>
 */
enum Phase {
    OPEN,
    /** Our close frame is queued; nothing else follows it. */
    CLOSING,
    /** The peer's close frame is being answered, then the connection ends. */
    ANSWERING,
    CLOSED
}
