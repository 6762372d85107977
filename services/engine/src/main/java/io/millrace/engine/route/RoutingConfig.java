package io.millrace.engine.route;

import java.time.Duration;

/**
 * The bounds of asking other nodes.
 *
 * @param chunkBytes after how many bytes a chunk of a snapshot ends; it is larger by one value at most
 * @param cutIdle how long the rest of a snapshot is kept for who does not ask for it
 * @param ownerPatience how long, at most, the owner is waited for by who would take a copy
 * @param copyPatience how long, at most, nodes are waited for that may have a copy
 * @param currentEnough how old a copy on this node may be for others not to be asked for theirs
 */
public record RoutingConfig(
        int chunkBytes, Duration cutIdle, Duration ownerPatience, Duration copyPatience, Duration currentEnough) {
    /** What a node starts with. An owner that is only handing over is back within the patience. */
    public static RoutingConfig defaults() {
        return new RoutingConfig(
                128 << 10,
                Duration.ofSeconds(30),
                Duration.ofMillis(500),
                Duration.ofMillis(500),
                Duration.ofSeconds(1));
    }
}
