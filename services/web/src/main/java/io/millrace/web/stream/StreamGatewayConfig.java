package io.millrace.web.stream;

import io.millrace.web.listen.Bind;
import java.time.Duration;
import java.util.List;

/**
 * How the stream port behaves.
 *
 * @param ioThreads at least 1; as many as there are cores is best
 * @param allowedOrigins whose pages may connect, such as {@code https://app.example}; empty for all. Clients that are no
 *     browsers send no origin and are let in
 */
public record StreamGatewayConfig(
        Bind bind,
        int ioThreads,
        Limits limits,
        Shares shares,
        Liveness liveness,
        Compression compression,
        List<String> allowedOrigins) {
    /** Checks the bounds. */
    public StreamGatewayConfig {
        atLeast("ioThreads", ioThreads, 1);
        allowedOrigins = List.copyOf(allowedOrigins);
    }

    /** Everything at its default. */
    public static StreamGatewayConfig on(Bind bind) {
        return new StreamGatewayConfig(
                bind,
                Runtime.getRuntime().availableProcessors(),
                Limits.defaults(),
                Shares.defaults(),
                Liveness.defaults(),
                Compression.NONE,
                List.of());
    }

    /**
     * How much one may ask for.
     *
     * @param messageBytes the largest message of a client; beyond it the socket is closed with 1009
     * @param sockets of this node; beyond it the handshake is answered with 503
     * @param subscriptions of one socket, and joins that wait for their turn; beyond it the socket is closed with 1008
     * @param nameBytes the longest name in a join or leave; longer ones are ignored like any malformed message
     * @param queueBytes how much may wait for one socket, snapshots apart; what does not fit stays where it is until
     *     half of that is gone
     * @param nodeQueueBytes how much may wait for all sockets together, snapshots included; beyond it, those that take
     *     nothing get nothing more
     */
    public record Limits(
            int messageBytes, int sockets, int subscriptions, int nameBytes, int queueBytes, long nodeQueueBytes) {
        /** Checks the bounds. */
        public Limits {
            atLeast("messageBytes", messageBytes, 125);
            atLeast("sockets", sockets, 1);
            atLeast("subscriptions", subscriptions, 1);
            atLeast("nameBytes", nameBytes, 1);
            atLeast("queueBytes", queueBytes, 1 << 10);
            atLeast("nodeQueueBytes", nodeQueueBytes, queueBytes);
        }

        /** 64 KiB messages, 100,000 sockets, 1,000 subscriptions, 1 KiB names, 1 MiB and 512 MiB queued. */
        public static Limits defaults() {
            return new Limits(64 << 10, 100_000, 1_000, 1 << 10, 1 << 20, 512L << 20);
        }
    }

    /**
     * What one client may take of what is there for all.
     *
     * @param socketsPerAddress 0 for any number; beyond it the handshake is answered with 429. Half of an IPv6 address
     *     counts, as one client has all of the other half
     * @param messagesPerSecond of one socket, pings and pongs among them, 0 for any number; as many may come at once, or
     *     as many as it may have subscriptions. Beyond it the socket is closed with 1008
     */
    public record Shares(int socketsPerAddress, int messagesPerSecond) {
        /** Checks the bounds. */
        public Shares {
            atLeast("socketsPerAddress", socketsPerAddress, 0);
            atLeast("messagesPerSecond", messagesPerSecond, 0);
        }

        /** Any number of sockets, 500 messages a second. */
        public static Shares defaults() {
            return new Shares(0, 500);
        }
    }

    /**
     * Whether frames are compressed for those who ask for it.
     *
     * @param enabled off, every offer is declined
     * @param minBytes shorter frames are sent as they are
     */
    public record Compression(boolean enabled, int minBytes) {
        /** None. */
        public static final Compression NONE = new Compression(false, 0);

        /** Checks the bounds. */
        public Compression {
            atLeast("minBytes", minBytes, 0);
        }
    }

    /**
     * When a silent peer is taken for dead.
     *
     * @param pingInterval how often each socket is pinged and looked after, at least 10 ms
     * @param missedPings after how many pings without a sign of life the socket is closed
     * @param stallTimeout how long a peer may take nothing at all of what waits for it, looked at once per interval
     * @param closeTimeout how long a close may take, of one socket or of all, before it is cut short
     */
    public record Liveness(Duration pingInterval, int missedPings, Duration stallTimeout, Duration closeTimeout) {
        /** Checks the bounds. */
        public Liveness {
            atLeast("pingInterval (ms)", pingInterval.toMillis(), 10);
            atLeast("missedPings", missedPings, 1);
            atLeast("stallTimeout (ms)", stallTimeout.toMillis(), 1);
            atLeast("closeTimeout (ms)", closeTimeout.toMillis(), 1);
        }

        /** A ping every 30 s, dead after two missed or 30 s of taking nothing, 5 s to close. */
        public static Liveness defaults() {
            return new Liveness(Duration.ofSeconds(30), 2, Duration.ofSeconds(30), Duration.ofSeconds(5));
        }
    }

    private static void atLeast(String what, long actual, long expected) {
        if (actual < expected) {
            throw new IllegalArgumentException(what + ": " + actual + " (expected: at least " + expected + ")");
        }
    }
}
