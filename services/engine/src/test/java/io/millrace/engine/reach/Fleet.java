package io.millrace.engine.reach;

import io.millrace.core.value.Json;
import io.millrace.engine.ManualTime;
import io.millrace.engine.channel.Channels;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.gate.GateConfig;
import io.millrace.engine.gate.GateEvents;
import io.millrace.engine.gate.Gatekeeper;
import io.millrace.engine.peer.MemoryPeers;
import io.millrace.engine.surface.EngineSurface;
import io.millrace.engine.surface.Logs;
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
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Nodes with all that workers meet, connected in memory. */
final class Fleet {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    final ManualTime time = new ManualTime(NOW);
    final MemoryPeers links = new MemoryPeers(time).immediate();
    private long drawn;

    private UUID draw() {
        return new UUID(7, ++drawn);
    }

    Node node(String id) {
        return new Node(id);
    }

    /** One node. */
    final class Node {
        final String id;
        final Invoker functions = new Invoker();
        final Triggers triggers = new Triggers();
        final Workers workers;
        final Reach reach;
        final Gatekeeper gate;
        final List<String> logged = new ArrayList<>();
        final Logs logs = new Logs(10, record -> {});

        private Node(String id) {
            this.id = id;
            workers = new Workers(new Workers.Means(
                    functions,
                    triggers,
                    (workerId, invocation) -> {
                        throw new IllegalStateException("endpoint: unexpected (expected: none in these tests)");
                    },
                    Fleet.this::draw,
                    time,
                    time,
                    WorkerLimits.defaults()));
            reach = new Reach(new Reach.Means(id, links.node(id), functions, triggers, workers, time, Runnable::run));
            gate = new Gatekeeper(GateConfig.defaults(), functions, time, time, GateEvents.NONE);
            gate.types().forEach(triggers::provide);
            EngineSurface.add(new EngineSurface.Means(
                    functions,
                    triggers,
                    workers,
                    new Channels(Fleet.this::draw, time),
                    logs,
                    Fleet.this::draw,
                    time,
                    time,
                    () -> null,
                    Duration.ofSeconds(30),
                    () -> {},
                    reach.elsewhere()));
        }

        Program connect() {
            Program program = new Program(this);
            program.worker = workers.connect(program, "10.0.0.1");
            return program;
        }

        CompletableFuture<Outcome> invoke(String functionId, String payload) {
            return invoke(new Invocation(
                    functionId, Json.ofText(payload), time.instant().plusSeconds(30)));
        }

        CompletableFuture<Outcome> invoke(Invocation invocation) {
            return functions.invoke(invocation).toCompletableFuture();
        }

        /** The result of a call that is answered at once. */
        JsonNode call(String functionId, String payload) {
            return ((Outcome.Result) invoke(functionId, payload).join()).value().tree();
        }
    }

    /** A worker: keeps what it is told, and answers when the test says so. */
    static final class Program implements Link {
        final Node at;
        final List<ToWorker> got = new ArrayList<>();
        boolean congested;

        @Nullable
        private Worker worker;

        private Program(Node at) {
            this.at = at;
        }

        Worker worker() {
            return Objects.requireNonNull(worker);
        }

        String id() {
            return worker().id();
        }

        Program serves(String functionId) {
            says(new FromWorker.RegisterFunction(
                    new FunctionDescription(
                            functionId,
                            "About " + functionId,
                            Json.ofText("{\"type\":\"object\"}"),
                            null,
                            Json.ofText("{\"m\":1.50}")),
                    null));
            return this;
        }

        Program ceases(String functionId) {
            says(new FromWorker.UnregisterFunction(functionId));
            return this;
        }

        Program wants(String triggerId, String type, String functionId, String config) {
            says(new FromWorker.RegisterTrigger(triggerId, type, functionId, Json.ofText(config), null));
            return this;
        }

        Program provides(String type) {
            says(new FromWorker.RegisterTriggerType(type, "of a worker", Json.ofText("{}"), null));
            return this;
        }

        Program is(String name) {
            at.invoke(new Invocation(
                    "engine::workers::register",
                    Json.ofText("{\"name\":\"" + name + "\",\"pid\":7}"),
                    NOW.plusSeconds(30),
                    new Invocation.Context(null, null, null, id())));
            return this;
        }

        void says(FromWorker message) {
            worker().accept(message);
        }

        void answers(Outcome outcome) {
            says(new FromWorker.Result(called().invocationId(), outcome));
        }

        void answers(String result) {
            answers(new Outcome.Result(Json.ofText(result)));
        }

        ToWorker.Invoke called() {
            return got(ToWorker.Invoke.class).getLast();
        }

        int timesCalled() {
            return got(ToWorker.Invoke.class).size();
        }

        <T extends ToWorker> List<T> got(Class<T> kind) {
            return got.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        void dies() {
            worker().disconnected();
        }

        @Override
        public void send(ToWorker message) {
            got.add(message);
        }

        @Override
        public boolean isCongested() {
            return congested;
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public void close() {}

        @Override
        public Executor executor() {
            return Runnable::run;
        }
    }
}
