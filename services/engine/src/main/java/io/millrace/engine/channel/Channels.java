package io.millrace.engine.channel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The channels of this node. Each id says which node it is of, so that all nodes know where to look for it. Calls may come
 * from any thread.
 */
public final class Channels implements ChannelFinder {
    /** How many items wait for a reader if nobody says otherwise. */
    public static final int USUAL_ITEMS = 64;

    /** The most items that may wait for a reader. */
    public static final int MOST_ITEMS = 1_024;

    private static final int MOST_BYTES = 4 << 20;
    /** How long one may wait for both its ends to be claimed. */
    private static final Duration UNCLAIMED = Duration.ofMinutes(5);

    /** Between the two parts of an id; no part of the first. */
    private static final char OF = '.';

    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final String node;
    private final Supplier<UUID> ids;
    private final InstantSource clock;

    /** No channels yet, of a node without a name; {@code ids} must be unguessable. */
    public Channels(Supplier<UUID> ids, InstantSource clock) {
        this("", ids, clock);
    }

    /**
     * No channels yet.
     *
     * @param node the name of this node, which may stand in a URL as it is; empty if it has none
     * @param ids unguessable
     */
    public Channels(String node, Supplier<UUID> ids, InstantSource clock) {
        this.node = node;
        this.ids = ids;
        this.clock = clock;
    }

    /** The node that a channel is of; empty if its id does not say. */
    static String nodeOf(String id) {
        int of = id.indexOf(OF);
        return of < 0 ? "" : id.substring(of + 1);
    }

    /** The name of this node; empty if it has none. */
    String node() {
        return node;
    }

    /** A new channel that holds so many items, 1 to {@value #MOST_ITEMS}, or 4 MiB. */
    public Channel create(int items) {
        Channel channel = new Channel(
                node.isEmpty() ? ids.get().toString() : ids.get().toString() + OF + node,
                ids.get().toString(),
                Math.clamp(items, 1, MOST_ITEMS),
                MOST_BYTES,
                clock.instant());
        channels.put(channel.id(), channel);
        return channel;
    }

    /** The channel of that id, if the key fits. */
    public @Nullable Channel find(String id, String key) {
        Channel channel = channels.get(id);
        boolean fits = channel != null && MessageDigest.isEqual(utf8(channel.key()), utf8(key));
        return fits ? channel : null;
    }

    /** Looks among those of this node only. */
    @Override
    public CompletionStage<Found> seek(String id, String key, End end) {
        Channel channel = find(id, key);
        return CompletableFuture.completedStage(channel == null ? new Found.Nowhere() : new Found.Known(() -> channel));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Forgets a channel; ends that are connected go on. */
    public void remove(Channel channel) {
        channels.remove(channel.id(), channel);
    }

    /**
     * Forgets what is over, and ends what has waited for too long for one of its ends to be claimed. To be called every minute
     * or so.
     */
    public void sweep() {
        Instant before = clock.instant().minus(UNCLAIMED);
        for (Channel channel : channels.values()) {
            boolean expired = !channel.isClaimed() && channel.created().isBefore(before);
            if (expired || channel.isOver()) {
                remove(channel);
            }
            if (expired) {
                channel.end();
                channel.abandon();
            }
        }
    }

    /** How many there are. */
    public int size() {
        return channels.size();
    }
}
