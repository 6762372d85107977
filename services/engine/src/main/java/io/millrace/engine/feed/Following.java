package io.millrace.engine.feed;

import io.millrace.engine.port.Scheduler.Scheduled;
import java.util.concurrent.CompletionStage;

/**
 * Whether the tail follows a partition for us.
 *
 * <pre>
 * Off --first snapshot--> On --last leave--> Lingering --time is up--> Off
 *  ^                      |^----enter------------'
 *  `---could not follow---'
 * </pre>
 */
sealed interface Following {
    /** It does not. */
    enum Off implements Following {
        /** The only one. */
        OFF
    }

    /** It does, once {@code begun} is complete. */
    record On(CompletionStage<Void> begun) implements Following {}

    /** It does, and nobody needs it. */
    record Lingering(CompletionStage<Void> begun, int generation, Scheduled end) implements Following {}
}
