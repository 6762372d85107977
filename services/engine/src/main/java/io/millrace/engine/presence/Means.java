package io.millrace.engine.presence;

import io.millrace.engine.gate.Gatekeeper;
import io.millrace.engine.port.PresenceLog;
import io.millrace.engine.port.Scheduler;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * What presence is made of.
 *
 * @param gate who lets people in, and tells of their leaves
 * @param executor for what takes longer than a moment; a virtual thread for each will do
 */
public record Means(
        PresenceLog log,
        Gatekeeper gate,
        InstantSource clock,
        Scheduler scheduler,
        Executor executor,
        PresenceEvents events) {
    /** The wall clock, in milliseconds since 1970. */
    long nowMs() {
        return clock.millis();
    }
}
