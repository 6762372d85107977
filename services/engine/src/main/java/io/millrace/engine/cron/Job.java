package io.millrace.engine.cron;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.CronSchedules.Schedule;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One cron trigger. Its next time is looked for when its function has answered, so what was missed meanwhile is skipped. */
final class Job {
    /** Timers know nothing of a clock that is set, so nobody sleeps for longer. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

    private final Binding binding;
    private final Schedule schedule;
    private final @Nullable String conditionId;
    private final Cron.Means means;
    private Scheduler.@Nullable Scheduled timer;
    private boolean ended;

    Job(Binding binding, Schedule schedule, @Nullable String conditionId, Cron.Means means) {
        this.binding = binding;
        this.schedule = schedule;
        this.conditionId = conditionId;
        this.means = means;
    }

    void begin() {
        wait(schedule.after(means.clock().instant()));
    }

    private synchronized void wait(Optional<Instant> next) {
        if (ended || next.isEmpty()) {
            return;
        }
        Instant due = next.get();
        Duration left = Duration.between(means.clock().instant(), due);
        Duration sleep = left.isNegative() ? Duration.ZERO : left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : left;
        timer = means.scheduler().after(sleep, () -> wake(due));
    }

    private void wake(Instant due) {
        Instant now = means.clock().instant();
        if (now.isBefore(due)) {
            wait(Optional.of(due));
            return;
        }
        synchronized (this) {
            if (ended) {
                return;
            }
        }
        var _ = run(due, now).whenComplete((done, failure) -> wait(schedule.after(latest(due))));
    }

    /** Not before the time that has just been: the clock may have been set back. */
    private Instant latest(Instant due) {
        Instant now = means.clock().instant();
        return now.isBefore(due) ? due : now;
    }

    private CompletionStage<Void> run(Instant due, Instant now) {
        Json payload = payload(due, now);
        Instant deadline = now.plus(means.timeout());
        Invocation.Context context = Invocation.Context.NONE.withMetadata(binding.metadata());
        return Conditions.ask(means.functions(), conditionId, payload, deadline, context)
                .thenCompose(verdict -> switch (verdict) {
                    case Conditions.Verdict.Call ignored -> call(payload, deadline, context);
                    case Conditions.Verdict.Skip ignored -> skipped(null);
                    case Conditions.Verdict.Failed(Outcome.Failure failure) -> skipped(failure);
                });
    }

    private CompletionStage<Void> call(Json payload, Instant deadline, Invocation.Context context) {
        return means.functions()
                .invoke(new Invocation(binding.functionId(), payload, deadline, context))
                .thenAccept(outcome ->
                        means.events().ran(binding, outcome instanceof Outcome.Failure failure ? failure : null));
    }

    private CompletionStage<Void> skipped(Outcome.@Nullable Failure failure) {
        means.events().skipped(binding, failure);
        return CompletableFuture.completedStage(null);
    }

    private Json payload(Instant due, Instant now) {
        return new JsonText()
                .raw("{\"trigger\":\"cron\",\"job_id\":")
                .quoted(binding.id())
                .raw(",\"scheduled_time\":")
                .quoted(rfc3339(due))
                .raw(",\"actual_time\":")
                .quoted(rfc3339(now))
                .raw("}")
                .toJson();
    }

    /** With the offset written as clients know it. */
    private static String rfc3339(Instant moment) {
        String text = moment.toString();
        return text.substring(0, text.length() - 1) + "+00:00";
    }

    synchronized void end() {
        ended = true;
        if (timer != null) {
            timer.cancel();
        }
    }
}
