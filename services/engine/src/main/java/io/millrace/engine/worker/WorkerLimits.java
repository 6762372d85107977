package io.millrace.engine.worker;

import java.time.Duration;

/**
 * How much a worker may ask for.
 *
 * @param functions it may register; further ones are ignored
 * @param triggers likewise
 * @param callsInFlight calls that one worker has not answered; further ones fail with {@code worker_overloaded}
 * @param callDeadline how long a call of ours may take that a worker makes; calls of other workers may take for ever
 */
public record WorkerLimits(int functions, int triggers, int callsInFlight, Duration callDeadline) {
    /** 20,000 functions and triggers, 10,000 calls, 30 s. */
    public static WorkerLimits defaults() {
        return new WorkerLimits(20_000, 20_000, 10_000, Duration.ofSeconds(30));
    }
}
