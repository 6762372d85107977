package io.millrace.engine.channel;

import java.util.concurrent.CompletionStage;

/** Where sockets find the channels they are to be an end of. Calls may come from any thread and return at once. */
@FunctionalInterface
public interface ChannelFinder {
    /**
     * Looks for a channel.
     *
     * @param end which end of it is wanted
     * @return never fails
     */
    CompletionStage<Found> seek(String id, String key, End end);
}
