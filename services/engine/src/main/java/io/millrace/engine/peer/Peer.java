package io.millrace.engine.peer;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * Another node, for as long as one connection to it lives; the next connection is another peer. Calls may come from any
 * thread and return at once. What one thread asks and tells arrives in that order.
 */
public interface Peer {
    /** Its node id. */
    String node();

    /** When its process was started, in milliseconds since 1970: tells its lives apart. */
    long startMs();

    /**
     * Asks it something.
     *
     * @param kind which of its {@link Peers.Question}s, 1 to 32 ASCII characters
     * @param body in the words of the kind; not to be changed any more
     * @param deadline when an answer is no longer wanted; the other side is told how long that is from now
     * @return the answer. Fails with {@link PeerLostException} if the connection ended, was too full to take the question, or
     *     brought no answer by the deadline: then nobody knows whether it was done. Fails with {@link PeerFailedException} if
     *     the other side could not make sense of it
     */
    CompletionStage<byte[]> ask(String kind, byte[] body, Instant deadline);

    /** Tells it something, which is lost if the connection ends; a connection that is too full for it ends. */
    void tell(String kind, byte[] body);

    /** Whether so much waits to be sent that other peers should be preferred, if they can do the same. */
    boolean isCongested();
}
