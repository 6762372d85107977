package io.millrace.engine.gate;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A gate, the functions it asks and the time it has. */
final class Doormen implements Scheduler, GateEvents {
    static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    static final Visit VISIT = new Visit(1, "s1", new Group("todo", "all"), null, null);

    final Triggers triggers = new Triggers();
    final List<Invocation> calls = new ArrayList<>();
    final List<String> failures = new ArrayList<>();
    final Gatekeeper gate;
    int dropped;
    private final Invoker functions = new Invoker();
    private final Queue<Timer> timers = new ArrayDeque<>();

    private record Timer(Duration delay, Runnable task) {}

    Doormen(GateConfig config) {
        gate = new Gatekeeper(config, functions, InstantSource.fixed(NOW), this, this);
        gate.types().forEach(triggers::provide);
    }

    Doormen() {
        this(GateConfig.defaults());
    }

    void add(String id, Function<Invocation, CompletionStage<Outcome>> answer) {
        functions.add(List.of(new LocalFunction(FunctionDescription.of(id, "asked"), invocation -> {
            calls.add(invocation);
            return answer.apply(invocation);
        })));
    }

    void add(String id, String result) {
        add(id, invocation -> CompletableFuture.completedStage(new Outcome.Result(Json.ofText(result))));
    }

    void addSilent(String id) {
        add(id, invocation -> new CompletableFuture<>());
    }

    CompletionStage<Void> bind(String id, String type, String functionId, String config, @Nullable String metadata) {
        return triggers.register(new Binding(
                id,
                type,
                functionId,
                Json.ofText(config),
                metadata == null ? null : Json.ofText(metadata),
                "worker of " + id));
    }

    void guard(String functionId) {
        guard(functionId, "{}");
    }

    void guard(String functionId, String config) {
        bind("on " + functionId, "stream:join", functionId, config, null);
    }

    void workerGone(String triggerId) {
        triggers.workerGone("worker of " + triggerId);
    }

    /** The verdict, if it is known. */
    @Nullable
    Verdict join() {
        return join(VISIT);
    }

    @Nullable
    Verdict join(Visit visit) {
        return gate.join(visit).toCompletableFuture().getNow(null);
    }

    /** The ids of the functions that were called. */
    List<String> called() {
        return calls.stream().map(Invocation::functionId).toList();
    }

    @Override
    public Scheduled after(Duration delay, Runnable task) {
        Timer timer = new Timer(delay, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    /** Lets so much time pass at once. */
    void pass(Duration time) {
        List<Timer> due = timers.stream()
                .filter(timer -> timer.delay().compareTo(time) <= 0)
                .toList();
        timers.removeAll(due);
        due.forEach(timer -> timer.task().run());
    }

    int timers() {
        return timers.size();
    }

    @Override
    public void failed(String functionId, Outcome.Failure failure) {
        failures.add(functionId + " " + failure.code());
    }

    @Override
    public void leaveDropped() {
        dropped++;
    }
}
