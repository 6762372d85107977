package io.millrace.engine.gate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How strict the gate is.
 *
 * @param authFunction asked before a socket opens; null for none
 * @param authStrict whether only sockets open for which the auth function gives a context; else all do
 * @param joinFailOpen whether a subscription begins when a {@code stream:join} function fails, is missing or takes too
 *     long; else it is refused
 * @param timeout how long one function may take, at least 1 ms
 * @param joinKeep how long a {@code stream:join} trigger whose worker has gone still refuses, unless somebody else serves
 *     its function; zero: not at all
 * @param inFlight how many are asked about at a time, at least 1; further ones wait for their turn
 * @param leavesWaiting how many leaves may wait to be told; beyond it they are dropped
 */
public record GateConfig(
        @Nullable String authFunction,
        boolean authStrict,
        boolean joinFailOpen,
        Duration timeout,
        Duration joinKeep,
        int inFlight,
        int leavesWaiting) {
    /** Far below what one worker may have unanswered. */
    private static final int IN_FLIGHT = 256;

    private static final int LEAVES_WAITING = 200_000;

    /** Checks the bounds. */
    public GateConfig {
        atLeast("timeout (ms)", timeout.toMillis(), 1);
        atLeast("joinKeep (ms)", joinKeep.toMillis(), 0);
        atLeast("inFlight", inFlight, 1);
        atLeast("leavesWaiting", leavesWaiting, 0);
    }

    /** The usual bounds. */
    public GateConfig(
            @Nullable String authFunction,
            boolean authStrict,
            boolean joinFailOpen,
            Duration timeout,
            Duration joinKeep) {
        this(authFunction, authStrict, joinFailOpen, timeout, joinKeep, IN_FLIGHT, LEAVES_WAITING);
    }

    /** No auth function, joins fail closed, 5 s, kept for a day. */
    public static GateConfig defaults() {
        return new GateConfig(null, false, false, Duration.ofSeconds(5), Duration.ofDays(1));
    }

    private static void atLeast(String what, long actual, long expected) {
        if (actual < expected) {
            throw new IllegalArgumentException(what + ": " + actual + " (expected: at least " + expected + ")");
        }
    }
}
