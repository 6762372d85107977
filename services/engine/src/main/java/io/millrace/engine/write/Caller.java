package io.millrace.engine.write;

import io.millrace.core.change.Reply;

/**
 * Who waits for the answer to one mutation. Told once, mostly on the writer's thread: must be quick and never wait or
 * throw.
 */
public interface Caller {
    /** What the reply says is durable and visible. */
    void answered(Reply reply);

    /**
     * There is no reply.
     *
     * @param cause an {@link UnavailableException} if asking again under the same mutation id is safe, else a bug of ours
     */
    void failed(Throwable cause);
}
