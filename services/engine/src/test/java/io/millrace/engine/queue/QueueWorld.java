package io.millrace.engine.queue;

import io.millrace.core.value.Json;
import io.millrace.engine.ManualTime;
import io.millrace.engine.deliver.Deliveries;
import io.millrace.engine.deliver.DeliveryEvents;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.function.Provider;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.trigger.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A node with queues, over memory, and functions that remember how they were called. */
final class QueueWorld {
    static final Outcome OK = new Outcome.Result(Json.ofText("1"));
    static final Outcome THROWN = new Outcome.Failure("invocation_failed", "boom");

    final ManualTime time;
    final MemoryKafka kafka;
    final Invoker functions = new Invoker();
    final Triggers triggers = new Triggers();
    final Queues queues;
    final DurableTopics topics;
    final QueueFunctions queueFunctions;
    final List<Invocation> calls = new ArrayList<>();

    QueueWorld() {
        this(Map.of());
    }

    QueueWorld(Map<String, QueueSettings> named) {
        this(named, new ManualTime(Instant.parse("2026-01-01T00:00:00Z")), null);
    }

    QueueWorld(
            Map<String, QueueSettings> named, ManualTime time, @org.jspecify.annotations.Nullable MemoryKafka there) {
        this(named, time, there, "", new Peers());
    }

    QueueWorld(
            Map<String, QueueSettings> named,
            ManualTime time,
            @org.jspecify.annotations.Nullable MemoryKafka there,
            String node,
            Peers peers) {
        this.time = time;
        this.kafka = there == null ? new MemoryKafka(time) : there;
        AtomicInteger ids = new AtomicInteger();
        QueueMeans means = new QueueMeans(
                kafka,
                kafka,
                new Deliveries(new Deliveries.Means(kafka, kafka, time, time, () -> 1.0, new DeliveryEvents() {})),
                kafka,
                functions,
                time,
                time,
                () -> new UUID(0, ids.incrementAndGet()),
                new QueueEvents() {});
        QueuesConfig config = new QueuesConfig(
                QueueSettings.DEFAULT,
                named,
                Duration.ofMinutes(5),
                Duration.ofHours(24),
                Duration.ofSeconds(2),
                1_000);
        queues = new Queues(config, means);
        topics = new DurableTopics(config, means);
        queueFunctions = new QueueFunctions(config, means, queues, topics, node, peers);
        functions.add(queueFunctions.all());
        triggers.provide(topics);
        queues.start();
        queueFunctions.start();
    }

    /** The node stops; what it has read and not done with is there for the next. */
    void stop() {
        queues.close();
        topics.close();
        queueFunctions.close();
    }

    /** A worker that serves one function. */
    Provider serve(String id, Function<Invocation, CompletionStage<Outcome>> answer) {
        Provider provider = new Provider() {
            @Override
            public CompletionStage<Outcome> call(Invocation invocation) {
                calls.add(invocation);
                return answer.apply(invocation);
            }

            @Override
            public int inFlight() {
                return 0;
            }

            @Override
            public boolean isCongested() {
                return false;
            }

            @Override
            public String workerId() {
                return "w";
            }
        };
        functions.serve(provider, FunctionDescription.of(id, id));
        return provider;
    }

    Provider serve(String id, Outcome... answers) {
        List<Outcome> left = new ArrayList<>(List.of(answers));
        return serve(
                id,
                invocation -> CompletableFuture.completedStage(left.size() > 1 ? left.removeFirst() : left.getFirst()));
    }

    Outcome call(String id, String payload) {
        return functions
                .invoke(new Invocation(
                        id,
                        Json.ofText(payload.replace('\'', '"')),
                        time.instant().plusSeconds(30),
                        new Invocation.Context("00-t", "k=v", null, null)))
                .toCompletableFuture()
                .join();
    }

    String result(String id, String payload) {
        Outcome outcome = call(id, payload);
        if (outcome instanceof Outcome.Result(Json value)) {
            return value.toString().replace('"', '\'');
        }
        throw new AssertionError(outcome.toString());
    }

    void enqueue(String queue, String functionId, String data) {
        result(
                "engine::queue::enqueue",
                "{'queue':'" + queue + "','function_id':'" + functionId + "','data':" + data
                        + ",'messageReceiptId':'r'}");
    }

    List<String> data() {
        return calls.stream()
                .map(call -> call.functionId() + " " + call.payload())
                .toList();
    }
}
