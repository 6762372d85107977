package io.millrace.engine.surface;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.channel.Channels;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Triggers;
import io.millrace.engine.worker.FromWorker;
import io.millrace.engine.worker.Link;
import io.millrace.engine.worker.ToWorker;
import io.millrace.engine.worker.Worker;
import io.millrace.engine.worker.WorkerLimits;
import io.millrace.engine.worker.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An engine with nothing but its surface, a clock that stands still and timers that run when they are told to. */
final class World implements Scheduler {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    final Invoker functions = new Invoker();
    final Triggers triggers = new Triggers();
    final List<LogRecord> printed = new ArrayList<>();
    final Logs logs = new Logs(3, printed::add);
    final Workers workers;
    final List<Runnable> timers = new ArrayList<>();
    private long drawn;

    @Nullable
    String trouble;

    int missed;

    World() {
        workers = new Workers(new Workers.Means(
                functions,
                triggers,
                (workerId, invocation) -> {
                    throw new IllegalStateException("endpoint: unexpected (expected: none in these tests)");
                },
                this::draw,
                this,
                () -> NOW,
                WorkerLimits.defaults()));
        functions.add(List.of(new LocalFunction(
                FunctionDescription.of("state::set", "Writes a value."),
                invocation -> CompletableFuture.completedStage(new Outcome.NoResult()))));
        EngineSurface.add(new EngineSurface.Means(
                functions,
                triggers,
                workers,
                new Channels(this::draw, () -> NOW),
                logs,
                this::draw,
                this,
                () -> NOW,
                () -> trouble,
                Duration.ofSeconds(30),
                () -> missed++));
    }

    private UUID draw() {
        return new UUID(0, ++drawn);
    }

    @Override
    public Scheduled after(Duration delay, Runnable task) {
        timers.add(task);
        return () -> timers.remove(task);
    }

    /** Lets all timers run out. */
    void later() {
        List<Runnable> due = List.copyOf(timers);
        timers.clear();
        due.forEach(Runnable::run);
    }

    /** Calls a function and returns its result. */
    JsonNode call(String functionId, String payload) {
        Outcome outcome = outcome(functionId, payload, Invocation.Context.NONE);
        assertThat(outcome).isInstanceOf(Outcome.Result.class);
        return ((Outcome.Result) outcome).value().tree();
    }

    /** Calls a function that fails, and returns the error's code. */
    String failure(String functionId, String payload) {
        Outcome outcome = outcome(functionId, payload, Invocation.Context.NONE);
        assertThat(outcome).isInstanceOf(Outcome.Failure.class);
        return ((Outcome.Failure) outcome).code();
    }

    Outcome outcome(String functionId, String payload, Invocation.Context context) {
        return functions
                .invoke(new Invocation(functionId, Json.ofText(payload), NOW.plusSeconds(30), context))
                .toCompletableFuture()
                .join();
    }

    Connected connect() {
        Connected connected = new Connected();
        connected.worker = workers.connect(connected, "10.0.0.1");
        return connected;
    }

    /** A worker that remembers what it gets. */
    final class Connected implements Link {
        final List<ToWorker> got = new ArrayList<>();

        @Nullable
        private Worker worker;

        Worker worker() {
            return java.util.Objects.requireNonNull(worker);
        }

        Connected announce(String info) {
            outcome("engine::workers::register", info, new Invocation.Context(null, null, null, worker().id()));
            return this;
        }

        Connected function(String id, @Nullable String metadata) {
            worker().accept(new FromWorker.RegisterFunction(
                    new FunctionDescription(
                            id,
                            "About " + id,
                            Json.ofText("{\"type\":\"object\"}"),
                            null,
                            metadata == null ? null : Json.ofText(metadata)),
                    null));
            return this;
        }

        Connected trigger(String id, String type, String functionId, String config) {
            worker().accept(new FromWorker.RegisterTrigger(
                    id, type, functionId, Json.ofText(config), Json.ofText("{\"m\":1}")));
            return this;
        }

        /** The payloads of the calls of a function. */
        List<JsonNode> calls(String functionId) {
            List<JsonNode> calls = new ArrayList<>();
            for (ToWorker message : got) {
                if (message instanceof ToWorker.Invoke invoke
                        && invoke.functionId().equals(functionId)) {
                    assertThat(invoke.metadata()).isEqualTo(Json.ofText("{\"m\":1}"));
                    calls.add(invoke.data().tree());
                }
            }
            return calls;
        }

        @Override
        public void send(ToWorker message) {
            got.add(message);
        }

        @Override
        public boolean isCongested() {
            return false;
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public void probe() {}

        @Override
        public void close() {}

        @Override
        public Executor executor() {
            return Runnable::run;
        }
    }
}
