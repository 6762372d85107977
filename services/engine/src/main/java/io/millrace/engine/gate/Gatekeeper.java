package io.millrace.engine.gate;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Functions;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.port.Scheduler.Scheduled;
import io.millrace.engine.trigger.Conditions;
import io.millrace.engine.trigger.TriggerType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Asks people's functions: the auth function about sockets, those bound to {@code stream:join} about subscriptions; and
 * tells those bound to {@code stream:leave}. A subscription begins only if everybody who is asked has let it in.
 */
public final class Gatekeeper implements Gate {
    private static final Outcome NO_ANSWER_WANTED = new Outcome.NoResult();

    private final GateConfig config;
    private final Functions functions;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final GateEvents events;
    private final GateTrigger joins;
    private final GateTrigger leaves;
    private final Turnstile arriving;
    private final Turnstile joining;
    private final Turnstile leaving;

    /** A gate that nobody guards yet but the auth function. */
    public Gatekeeper(
            GateConfig config, Functions functions, InstantSource clock, Scheduler scheduler, GateEvents events) {
        this.config = config;
        this.functions = functions;
        this.clock = clock;
        this.scheduler = scheduler;
        this.events = events;
        Duration keep = config.joinFailOpen() ? Duration.ZERO : config.joinKeep();
        this.joins = new GateTrigger("stream:join", "Stream join trigger", keep, scheduler);
        this.leaves = new GateTrigger("stream:leave", "Stream leave trigger", Duration.ZERO, scheduler);
        this.arriving = new Turnstile(config.inFlight(), Integer.MAX_VALUE); // each waits with a connection
        this.joining = new Turnstile(config.inFlight(), Integer.MAX_VALUE); // each socket waits for one
        this.leaving = new Turnstile(config.inFlight(), config.leavesWaiting());
    }

    /** {@code stream:join} and {@code stream:leave}. */
    public List<TriggerType> types() {
        return List.of(joins, leaves);
    }

    @Override
    public boolean asksOnArrival() {
        return config.authFunction() != null;
    }

    @Override
    public CompletionStage<Verdict> arrive(Arrival arrival) {
        String authFunction = config.authFunction();
        if (authFunction == null) {
            return CompletableFuture.completedStage(Verdict.Admitted.UNKNOWN);
        }
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        arriving.pass(() -> within(call(authFunction, arrival.payload(), null, deadline()))
                .thenAccept(outcome -> {
                    Verdict judged = judgedArrival(authFunction, outcome);
                    events.arrived(judged instanceof Verdict.Admitted);
                    verdict.complete(judged);
                }));
        return verdict;
    }

    private Verdict judgedArrival(String authFunction, Outcome outcome) {
        Json context = switch (outcome) {
            case Outcome.Result(Json value) -> context(value.tree());
            case Outcome.NoResult ignored -> null;
            case Outcome.Failure failure -> {
                events.failed(authFunction, failure);
                yield null;
            }
        };
        if (context == null && config.authStrict()) {
            return isAbsent(outcome)
                    ? new Verdict.Refused("the auth function is not there yet", true)
                    : new Verdict.Refused("not authenticated");
        }
        return context == null ? Verdict.Admitted.UNKNOWN : new Verdict.Admitted(context);
    }

    /** After a restart clients may be back before the workers are. */
    private static boolean isAbsent(Outcome outcome) {
        return outcome instanceof Outcome.Failure failure && failure.code().equals("function_not_found");
    }

    private static @Nullable Json context(JsonNode result) {
        JsonNode context = result.path("context");
        return context.isMissingNode() || context.isNull() ? null : Json.of(context);
    }

    @Override
    public boolean asksOnJoin(String streamName) {
        return joins.guards(streamName);
    }

    @Override
    public CompletionStage<Verdict> join(Visit visit) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        joining.pass(() -> isLetIn(visit).thenAccept(in -> {
            events.joined(in);
            verdict.complete(in ? Verdict.Admitted.UNKNOWN : new Verdict.Refused("unauthorized"));
        }));
        return verdict;
    }

    /** All are asked at once, and all are waited for. */
    private CompletionStage<Boolean> isLetIn(Visit visit) {
        Json payload = visit.payload();
        CompletionStage<Boolean> in = CompletableFuture.completedStage(true);
        for (Guard guard : joins.of(visit.group().streamName())) {
            in = in.thenCombine(ask(guard, payload), Boolean::logicalAnd);
        }
        return in;
    }

    private CompletionStage<Boolean> ask(Guard guard, Json payload) {
        return within(callIfWanted(guard, payload)).thenApply(outcome -> switch (outcome) {
            case Outcome.Result(Json value) -> !isRefusal(value.tree());
            case Outcome.NoResult ignored -> true;
            case Outcome.Failure failure -> {
                events.failed(guard.functionId(), failure);
                yield config.joinFailOpen();
            }
        });
    }

    private static boolean isRefusal(JsonNode result) {
        JsonNode unauthorized = result.path("unauthorized");
        return unauthorized.isBoolean() && unauthorized.booleanValue();
    }

    @Override
    public void joined(Visit visit) {}

    @Override
    public void left(Visit visit) {
        var _ = leave(visit);
    }

    /**
     * Who has been told of a leave.
     *
     * @param guards whose functions have taken it
     * @param everybody false if somebody has not been told: its function failed, too many leaves waited, or nobody is bound
     *     now but somebody was before
     */
    public record Told(List<Guard> guards, boolean everybody) {
        private Told and(Guard guard, boolean taken) {
            return taken
                    ? new Told(Stream.concat(guards.stream(), Stream.of(guard)).toList(), everybody)
                    : new Told(guards, false);
        }
    }

    /**
     * The same, for whoever wants to know what came of it.
     *
     * @return completes when everybody has been told or could not be, never exceptionally
     */
    public CompletionStage<Told> leave(Visit visit) {
        String streamName = visit.group().streamName();
        List<Guard> caring = leaves.of(streamName);
        CompletionStage<Told> all =
                CompletableFuture.completedStage(new Told(List.of(), !caring.isEmpty() || !leaves.hasSeen(streamName)));
        for (Guard guard : caring) {
            all = all.thenCombine(inTurn(guard, visit), (told, taken) -> told.and(guard, taken));
        }
        return all;
    }

    private CompletionStage<Boolean> inTurn(Guard guard, Visit visit) {
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        boolean taken = leaving.pass(() -> tell(guard, visit).thenAccept(told::complete));
        if (!taken) {
            events.leaveDropped();
            told.complete(false);
        }
        return told;
    }

    /** Who is to be told now when somebody leaves a stream, in the order of registration. */
    public List<Guard> toldOfLeaves(String streamName) {
        return leaves.of(streamName);
    }

    /** Calls {@code changed} whenever {@link #toldOfLeaves} has changed. It must return at once. */
    public void onLeaveGuards(Runnable changed) {
        leaves.onChange(changed);
    }

    /**
     * Tells one guard of a leave, at once.
     *
     * @return completes within the configured time, never exceptionally; false if its function failed, was missing or took
     *     too long
     */
    public CompletionStage<Boolean> tell(Guard guard, Visit visit) {
        return within(callIfWanted(guard, visit.payload())).thenApply(outcome -> {
            if (outcome instanceof Outcome.Failure failure) {
                events.failed(guard.functionId(), failure);
                return false;
            }
            return true;
        });
    }

    /** Completes when no leave is left that somebody has to be told of. */
    public CompletionStage<@Nullable Void> quiet() {
        return leaving.empty();
    }

    /** Calls a guard unless its condition says no; a condition that fails is the guard's failure. */
    private CompletionStage<Outcome> callIfWanted(Guard guard, Json payload) {
        Instant deadline = deadline();
        if (guard.conditionId() == null) {
            return call(guard.functionId(), payload, guard.metadata(), deadline);
        }
        return Conditions.ask(functions, guard.conditionId(), payload, deadline, Invocation.Context.NONE)
                .thenCompose(verdict -> switch (verdict) {
                    case Conditions.Verdict.Call ignored ->
                        call(guard.functionId(), payload, guard.metadata(), deadline);
                    case Conditions.Verdict.Skip ignored -> CompletableFuture.completedStage(NO_ANSWER_WANTED);
                    case Conditions.Verdict.Failed(Outcome.Failure failure) ->
                        CompletableFuture.completedStage(failure);
                });
    }

    private CompletionStage<Outcome> call(String functionId, Json payload, @Nullable Json metadata, Instant deadline) {
        return functions.invoke(
                new Invocation(functionId, payload, deadline, Invocation.Context.NONE.withMetadata(metadata)));
    }

    private Instant deadline() {
        return clock.instant().plus(config.timeout());
    }

    /** Not every function keeps its deadline, and somebody waits at the gate. */
    private CompletionStage<Outcome> within(CompletionStage<Outcome> asked) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        Scheduled limit = scheduler.after(
                config.timeout(),
                () -> answer.complete(new Outcome.Failure(
                        "TIMEOUT", "no answer after " + config.timeout().toMillis() + "ms", true, null)));
        var _ = asked.whenComplete((outcome, failure) -> {
            limit.cancel();
            answer.complete(failure == null ? outcome : new Outcome.Failure("internal_error", failure.toString()));
        });
        return answer;
    }
}
