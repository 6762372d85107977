package io.millrace.kafka;

import static io.millrace.kafka.Fixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.deliver.Deliveries;
import io.millrace.engine.deliver.DeliveryEvents;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.queue.DurableTopics;
import io.millrace.engine.queue.QueueEvents;
import io.millrace.engine.queue.QueueFunctions;
import io.millrace.engine.queue.QueueMeans;
import io.millrace.engine.queue.QueueSettings;
import io.millrace.engine.queue.Queues;
import io.millrace.engine.queue.QueuesConfig;
import io.millrace.engine.trigger.Binding;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the queues' topics, and queues over them, on a real broker. */
class QueueLogContractTest {
    @TempDir
    static Path brokerFolder;

    static EmbeddedBroker broker;

    @TempDir
    Path folder;

    private final Fixture.Alarms alarms = new Fixture.Alarms();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private KafkaBackend connected(TestInfo test) {
        String prefix = test.getTestMethod().orElseThrow().getName() + ".";
        return KafkaBackend.connect(Fixture.config(ClusterConfig.of(broker), folder, prefix), alarms);
    }

    private static QueueLog.Entry entry(String value) {
        return new QueueLog.Entry(Json.ofText(value), Map.of("h", value));
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Test
    void whatIsAppendedIsThereInOrderForWhoeverReadsOrJoins(TestInfo test) {
        try (KafkaBackend backend = connected(test)) {
            QueueLog log = backend.queues(2, Duration.ofDays(1));
            List<CompletionStage<Void>> appended = new ArrayList<>();
            // The first of them create the topic, and must not be overtaken.
            for (int i = 0; i < 50; i++) {
                appended.add(log.append(QueueLog.Kind.QUEUE, "queue.a", "key", entry("" + i)));
            }
            appended.forEach(QueueLogContractTest::join);

            List<String> read = new ArrayList<>();
            join(log.read("queue.a", record -> {
                read.add(record.value() + " " + record.headers().text("h"));
                return true;
            }));
            assertThat(read)
                    .isEqualTo(IntStream.range(0, 50).mapToObj(i -> i + " " + i).toList());
            assertThat(join(log.topics("queue."))).isEqualTo(Set.of("queue.a"));

            join(log.beginAtOldest("g.one", "queue.a"));
            assertThat(join(log.depth("g.one", "queue.a"))).isEqualTo(50);
            assertThat(join(log.groups("g."))).isEqualTo(Set.of("g.one"));
            join(backend.groups().prepare("g.two", Set.of("queue.a")));
            join(log.beginAtOldest("g.two", "queue.a"));
            assertThat(join(log.depth("g.two", "queue.a"))).isZero();
        }
    }

    @Test
    void whatIsNotThereIsEmpty(TestInfo test) {
        try (KafkaBackend backend = connected(test)) {
            QueueLog log = backend.queues(2, Duration.ofDays(1));
            List<String> read = new ArrayList<>();

            join(log.read("nowhere", record -> read.add(record.toString())));

            assertThat(read).isEmpty();
            assertThat(join(log.depth("nobody", "nowhere"))).isZero();
            assertThat(join(log.topics("queue."))).isEmpty();
            assertThat(join(log.groups("g."))).isEmpty();
        }
    }

    @Test
    void aQueueDeliversRetriesBuriesAndRedrives(TestInfo test) {
        try (KafkaBackend backend = connected(test);
                Node node = new Node(backend)) {
            node.serve("work", invocation -> {
                calls.add(invocation.payload().toString());
                return calls.size() <= 2
                        ? new Outcome.Failure("invocation_failed", "boom")
                        : new Outcome.Result(Json.NULL);
            });
            node.call("engine::queue::enqueue", "{\"queue\":\"a.b\",\"function_id\":\"work\",\"data\":{\"n\":1}}");
            await().until(() -> node.call("engine::queue::dlq_topics", "{}").contains("\"message_count\":1"));
            assertThat(calls).containsExactly("{\"n\":1}", "{\"n\":1}");

            assertThat(node.call("iii::queue::redrive", "{\"queue\":\"a.b\"}"))
                    .isEqualTo("{\"queue\":\"a.b\",\"redriven\":1}");
            await().until(() -> calls.size() == 3);
            assertThat(node.call("engine::queue::dlq_topics", "{}")).isEqualTo("[]");
        }
    }

    @Test
    void aNodeThatStartsGoesOnWhereTheLastOneStopped(TestInfo test) {
        try (KafkaBackend backend = connected(test)) {
            try (Node first = new Node(backend)) {
                first.serve("work", invocation -> new Outcome.Result(Json.ofText(calls.add("first") ? "1" : "0")));
                first.call("engine::queue::enqueue", "{\"queue\":\"q\",\"function_id\":\"work\",\"data\":1}");
                await().until(() -> calls.equals(List.of("first")));
                await().until(() -> first.call("engine::queue::topic_stats", "{\"topic\":\"q\"}")
                        .startsWith("{\"depth\":0,"));
            }
            join(backend.queues(2, Duration.ofDays(1))
                    .append(
                            QueueLog.Kind.QUEUE,
                            "queue.q",
                            null,
                            new QueueLog.Entry(Json.ofText("2"), Map.of("millrace-function-id", "work"))));
            try (Node second = new Node(backend)) {
                second.serve("work", invocation -> {
                    calls.add("second " + invocation.payload());
                    return new Outcome.NoResult();
                });
                await().until(() -> calls.size() == 2);
                assertThat(calls).containsExactly("first", "second 2");
            }
        }
    }

    @Test
    void aDurableTopicReachesEveryFunctionThatSubscribesAlsoLater(TestInfo test) {
        try (KafkaBackend backend = connected(test);
                Node node = new Node(backend)) {
            for (String id : List.of("a", "b")) {
                node.serve(id, invocation -> {
                    calls.add(id + " " + invocation.payload());
                    return new Outcome.NoResult();
                });
            }
            node.call("iii::durable::publish", "{\"topic\":\"t\",\"data\":1}");
            join(node.topics.bind(subscription("a")));
            join(node.topics.bind(subscription("b")));
            node.call("iii::durable::publish", "{\"topic\":\"t\",\"data\":2}");

            await().until(() -> calls.size() == 3);
            assertThat(calls).containsExactlyInAnyOrder("a 1", "a 2", "b 2");
        }
    }

    private static Binding subscription(String functionId) {
        return new Binding(
                "t-" + functionId, DurableTopics.TYPE, functionId, Json.ofText("{\"topic\":\"t\"}"), null, "w");
    }

    /** Queues as a node has them. */
    private static final class Node implements AutoCloseable {
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        private final Invoker functions = new Invoker();
        private final Queues queues;
        private final DurableTopics topics;
        private final QueueFunctions queueFunctions;

        private Node(KafkaBackend backend) {
            Scheduler scheduler = (delay, task) -> {
                var scheduled = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
                return () -> scheduled.cancel(false);
            };
            QueueMeans means = new QueueMeans(
                    backend.queues(2, Duration.ofDays(1)),
                    backend.groups(),
                    new Deliveries(new Deliveries.Means(
                            backend.groups(),
                            backend.deadLetters(),
                            scheduler,
                            InstantSource.system(),
                            () -> 0.5,
                            new DeliveryEvents() {})),
                    backend.deadLetters(),
                    functions,
                    scheduler,
                    InstantSource.system(),
                    UUID::randomUUID,
                    new QueueEvents() {});
            QueuesConfig config = new QueuesConfig(
                    new QueueSettings(QueueSettings.Order.STANDARD, null, 2, 10, Duration.ofMillis(10)),
                    Map.of(),
                    Duration.ofSeconds(30),
                    Duration.ofHours(1),
                    Duration.ofMillis(500),
                    1_000);
            queues = new Queues(config, means);
            topics = new DurableTopics(config, means);
            queueFunctions = new QueueFunctions(config, means, queues, topics);
            functions.add(queueFunctions.all());
            queues.start();
            queueFunctions.start();
        }

        private void serve(String id, java.util.function.Function<Invocation, Outcome> answer) {
            functions.add(List.of(new LocalFunction(
                    FunctionDescription.of(id, id),
                    invocation -> CompletableFuture.completedStage(answer.apply(invocation)))));
        }

        private String call(String id, String payload) {
            Outcome outcome = join(functions.invoke(
                    new Invocation(id, Json.ofText(payload), Instant.now().plusSeconds(30))));
            return switch (outcome) {
                case Outcome.Result(Json value) -> value.toString();
                case Outcome.NoResult ignored -> "";
                case Outcome.Failure failure -> throw new AssertionError(failure.toString());
            };
        }

        @Override
        public void close() {
            queues.close();
            topics.close();
            queueFunctions.close();
            timer.shutdownNow();
        }
    }
}
