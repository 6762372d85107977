package io.millrace.engine.subscription;

import io.millrace.core.change.ChangeRecord;
import io.millrace.core.value.Json;
import io.millrace.engine.function.Availability;
import io.millrace.engine.function.Functions;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Received;
import io.millrace.engine.trigger.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Calls a trigger's function with an event, unless its condition says no. */
final class Caller {
    private final Functions functions;
    private final Availability availability;
    private final InstantSource clock;
    private final Duration timeout;
    private final SubscriptionEvents events;

    Caller(
            Functions functions,
            Availability availability,
            InstantSource clock,
            Duration timeout,
            SubscriptionEvents events) {
        this.functions = functions;
        this.availability = availability;
        this.clock = clock;
        this.timeout = timeout;
        this.events = events;
    }

    Duration timeout() {
        return timeout;
    }

    SubscriptionEvents events() {
        return events;
    }

    /** Whether somebody serves the trigger's function. */
    boolean isThere(Wish wish) {
        return availability.isAvailable(wish.binding().functionId());
    }

    Availability availability() {
        return availability;
    }

    CompletionStage<Outcome> call(Wish wish, Received record) {
        Json payload = record.value() == null ? Json.NULL : record.value();
        Instant deadline = clock.instant().plus(timeout);
        Invocation.Context context = Invocation.Context.traced(record.headers().text(ChangeRecord.TRACE_PARENT))
                .withMetadata(wish.binding().metadata());
        return Conditions.ask(functions, wish.conditionId(), payload, deadline, context)
                .thenCompose(verdict -> switch (verdict) {
                    case Conditions.Verdict.Call ignored ->
                        functions.invoke(new Invocation(wish.binding().functionId(), payload, deadline, context));
                    case Conditions.Verdict.Skip ignored -> {
                        events.skipped(wish.kind().id(), wish.binding().functionId());
                        yield CompletableFuture.completedStage(new Outcome.NoResult());
                    }
                    case Conditions.Verdict.Failed(Outcome.Failure failure) ->
                        CompletableFuture.completedStage(unasked(wish, failure));
                });
    }

    /** A condition that fails skips the event; but one that went away with its worker has said nothing. */
    private Outcome unasked(Wish wish, Outcome.Failure failure) {
        if (failure.code().equals("invocation_stopped") || !isThere(wish)) {
            return failure;
        }
        events.conditionFailed(
                wish.kind().id(), wish.binding().functionId(), String.valueOf(wish.conditionId()), failure);
        return new Outcome.NoResult();
    }
}
