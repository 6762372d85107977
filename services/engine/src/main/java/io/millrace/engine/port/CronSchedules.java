package io.millrace.engine.port;

import java.time.Instant;
import java.util.Optional;

/** Reads cron expressions. */
@FunctionalInterface
public interface CronSchedules {
    /**
     * Reads an expression: six fields, second first, or seven with the year, or a macro such as {@code @daily}; in UTC, days
     * of the week from 1, Sunday, to 7.
     *
     * @throws MalformedException if it is none
     */
    Schedule read(String expression);

    /** When something is due. Calls may come from any thread. */
    @FunctionalInterface
    interface Schedule {
        /** The first time after {@code moment}; none if there is none in this or any later year. */
        Optional<Instant> after(Instant moment);
    }

    /** Text that is no cron expression; the message says why. */
    final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** The message says why, for people. */
        public MalformedException(String message) {
            super(message, null, false, false);
        }
    }
}
