package io.millrace.engine.cron;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.CronSchedules.Schedule;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Conditions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One cron trigger. Its next time is looked for when its function has answered, so what was missed meanwhile is skipped.
 * Triggers of the same function, config and metadata are the same job, at whatever nodes they are: one of them runs it.
 */
final class Job {
    /** Timers know nothing of a clock that is set, so nobody sleeps for longer. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

    /** So long others wait for a run to end before they run it beside: whoever began may hang. */
    private static final Duration LONGEST_BUSY = Duration.ofSeconds(30);

    private static final int DIGEST_CHARS = 32;

    private final Binding binding;
    private final String identity;
    private final Schedule schedule;
    private final @Nullable String conditionId;
    private final Cron.Means means;
    private Scheduler.@Nullable Scheduled timer;
    private boolean ended;

    Job(Binding binding, Schedule schedule, @Nullable String conditionId, Cron.Means means) {
        this.binding = binding;
        this.identity = identity(binding);
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
        Instant busyUntil = now.plus(means.timeout().compareTo(LONGEST_BUSY) < 0 ? means.timeout() : LONGEST_BUSY);
        var _ = claimed(due, busyUntil)
                .thenCompose(mine -> mine
                        ? run(due, means.clock().instant()).thenCompose(done -> free(due, busyUntil))
                        : CompletableFuture.completedStage(null))
                .whenComplete((done, failure) -> wait(schedule.after(latest(due))));
    }

    private CompletionStage<Boolean> claimed(Instant due, Instant busyUntil) {
        return means.claims().claim(identity, due, busyUntil).exceptionally(failure -> {
            means.events().unclaimed(binding, failure);
            return false;
        });
    }

    /** Says that the run is over, unless nobody wants to know before it is taken for over anyhow. */
    private CompletionStage<@Nullable Void> free(Instant due, Instant busyUntil) {
        Optional<Instant> next = schedule.after(due);
        return next.isPresent() && next.get().isBefore(busyUntil)
                ? means.claims().done(identity, due)
                : CompletableFuture.completedStage(null);
    }

    private static String identity(Binding binding) {
        JsonText text = new JsonText()
                .raw("[")
                .quoted(binding.functionId())
                .raw(",")
                .json(binding.config())
                .raw(",");
        text.json(binding.metadata() == null ? Json.NULL : binding.metadata()).raw("]");
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.taken());
            return HexFormat.of().formatHex(digest).substring(0, DIGEST_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: every Java has it)", e);
        }
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
