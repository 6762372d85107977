package io.millrace.engine.cron;

import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Binding;
import org.jspecify.annotations.Nullable;

/** Gets told what cron jobs do, to count and to log it. Calls come from any thread and must return at once. */
public interface CronEvents {
    /** A job has run. */
    default void ran(Binding job, Outcome.@Nullable Failure failure) {}

    /** Its condition has kept a job from running, or has failed. */
    default void skipped(Binding job, Outcome.@Nullable Failure failure) {}

    /** It is not known who is to run a job now: perhaps nobody does. */
    default void unclaimed(Binding job, Throwable cause) {}

    /** There is one job more, or one less. */
    default void jobs(int now) {}
}
