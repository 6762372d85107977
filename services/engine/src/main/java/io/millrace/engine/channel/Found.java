package io.millrace.engine.channel;

import java.util.function.Supplier;

/** What became of looking for a channel. */
public sealed interface Found {
    /**
     * It is there, here or at another node.
     *
     * @param entered gives the channel of which the wanted end, and no other, may then be claimed; to be called once, when
     *     there is somebody to claim it
     */
    record Known(Supplier<Channel> entered) implements Found {}

    /** Nobody knows it, or the key is wrong. */
    record Nowhere() implements Found {}

    /** The node that it is at cannot be asked now. */
    record OutOfReach() implements Found {}
}
