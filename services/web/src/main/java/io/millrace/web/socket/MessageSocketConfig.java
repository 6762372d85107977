package io.millrace.web.socket;

import java.time.Duration;

/**
 * How message sockets behave.
 *
 * @param messageBytes the largest message of a peer; beyond it the socket is closed with 1009
 * @param queueBytes how much may wait for one peer before it is a slow reader and closed with 1013
 * @param sockets of this port; beyond it the handshake is answered with 503
 * @param pingInterval how often each socket is pinged and looked after, at least 10 ms
 * @param missedPings after how many pings without a sign of life the socket is closed
 * @param stallTimeout how long a peer may take nothing at all of what waits for it, looked at once per interval
 * @param closeTimeout how long the peer's part of a close may take, of one socket or of all, before it is cut short
 */
public record MessageSocketConfig(
        int messageBytes,
        long queueBytes,
        int sockets,
        Duration pingInterval,
        int missedPings,
        Duration stallTimeout,
        Duration closeTimeout) {
    /** Checks the bounds. */
    public MessageSocketConfig {
        atLeast("messageBytes", messageBytes, 125);
        atLeast("queueBytes", queueBytes, 1 << 10);
        atLeast("sockets", sockets, 1);
        atLeast("pingInterval (ms)", pingInterval.toMillis(), 10);
        atLeast("missedPings", missedPings, 1);
        atLeast("stallTimeout (ms)", stallTimeout.toMillis(), 1);
        atLeast("closeTimeout (ms)", closeTimeout.toMillis(), 1);
    }

    /** 64 MiB messages and queues, 50,000 sockets, a ping every 10 s, dead after two missed, 30 s stalled, 5 s to close. */
    public static MessageSocketConfig defaults() {
        return new MessageSocketConfig(
                64 << 20, 64L << 20, 50_000, Duration.ofSeconds(10), 2, Duration.ofSeconds(30), Duration.ofSeconds(5));
    }

    private static void atLeast(String what, long actual, long expected) {
        if (actual < expected) {
            throw new IllegalArgumentException(what + ": " + actual + " (expected: at least " + expected + ")");
        }
    }
}
