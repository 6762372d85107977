package io.millrace.kafka;

import static io.millrace.kafka.Fixture.await;
import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.state;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.address.Group;
import io.millrace.core.address.Space;
import io.millrace.core.value.Json;
import io.millrace.engine.deliver.Deliveries;
import io.millrace.engine.deliver.DeliveryEvents;
import io.millrace.engine.deliver.Plan;
import io.millrace.engine.deliver.RetryPolicy;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.function.Provider;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.subscription.ChangeTriggers;
import io.millrace.engine.subscription.SubscriptionEvents;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.Triggers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** State and stream triggers over a real broker, called by a worker that is not there all the time. */
class ChangeTriggersContractTest {
    @TempDir
    static Path brokerFolder;

    static EmbeddedBroker broker;

    @TempDir
    Path folder;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Scheduler scheduler = (delay, task) -> {
        ScheduledFuture<?> scheduled = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    };
    private final Invoker invoker = new Invoker();
    private final Triggers triggers = new Triggers();
    private final Worker worker = new Worker();
    private final Set<String> browsers = ConcurrentHashMap.newKeySet();
    private final List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    private final List<String> conditionsFailed = new CopyOnWriteArrayList<>();

    @org.jspecify.annotations.Nullable
    private KafkaBackend backend;

    @org.jspecify.annotations.Nullable
    private PartitionLog log;

    @org.jspecify.annotations.Nullable
    private ChangeTriggers changes;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void start(TestInfo test) {
        String prefix = test.getTestMethod().orElseThrow().getName() + ".";
        TopicsConfig topics = new TopicsConfig(prefix, OptionalInt.of(2), 1, TopicsConfig.HISTORY, 64 << 10);
        KafkaBackend connected = KafkaBackend.connect(
                new KafkaBackendConfig("node-1", folder, ClusterConfig.of(broker), topics, StoreConfig.alone()),
                new Fixture.Alarms());
        backend = connected;
        PartitionLog opened = connected.logs().open(Space.STATE, 0);
        opened.fence();
        log = opened;
        Deliveries deliveries = new Deliveries(new Deliveries.Means(
                connected.groups(),
                letter -> {
                    letters.add(letter);
                    return connected.deadLetters().keep(letter);
                },
                scheduler,
                InstantSource.system(),
                () -> 0.5,
                new DeliveryEvents() {}));
        ChangeTriggers begun = new ChangeTriggers(
                new ChangeTriggers.Means(
                        invoker,
                        invoker,
                        connected.groups(),
                        connected.tap(),
                        deliveries,
                        scheduler,
                        InstantSource.system(),
                        timer,
                        binding -> browsers.contains(String.valueOf(binding.workerId())),
                        new SubscriptionEvents() {
                            @Override
                            public void conditionFailed(
                                    String type, String functionId, String conditionId, Outcome.Failure failure) {
                                conditionsFailed.add(failure.code());
                            }
                        }),
                new ChangeTriggers.Config(
                        Duration.ofSeconds(20),
                        new RetryPolicy(3, Duration.ofMillis(20), Duration.ofMillis(100)),
                        Plan.Bounds.DEFAULT));
        begun.types().forEach(triggers::provide);
        changes = begun;
    }

    @AfterEach
    void stop() {
        if (changes != null && log != null && backend != null) {
            changes.close().toCompletableFuture().join();
            log.close();
            backend.close();
        }
        timer.shutdownNow();
    }

    private PartitionLog log() {
        if (log == null) {
            throw new AssertionError("not started");
        }
        return log;
    }

    private CompletionStage<Void> bind(String id, String type, String functionId, String config) {
        return triggers.register(
                new Binding(id, type, functionId, Json.ofText(config), Json.ofText("{\"m\":1}"), "worker"));
    }

    private void bound(String id, String type, String functionId, String config) {
        bind(id, type, functionId, config).toCompletableFuture().join();
    }

    @Test
    void everyChangeAfterTheRegistrationIsDeliveredInOrderWithTheTriggersMetadata() {
        worker.serve("f");
        bound("t", "state", "f", "{\"scope\":\"s\"}");
        for (int i = 0; i < 50; i++) {
            write(log(), put(state("k"), "v" + i), io.millrace.core.change.ChangeRecord.tombstone(state("gone")));
        }

        await().until(() -> worker.payloads("f").size() == 50);
        assertThat(worker.payloads("f"))
                .isEqualTo(
                        IntStream.range(0, 50).mapToObj(i -> "\"v" + i + "\"").toList());
        assertThat(worker.calls.getFirst().context().metadata()).hasToString("{\"m\":1}");
    }

    @Test
    void aWorkerThatComesBackMissesNothing() {
        worker.serve("f");
        bound("t", "state", "f", "{}");
        write(log(), put(state("k"), "one"));
        await().until(() -> worker.payloads("f").contains("\"one\""));
        worker.leave();
        triggers.workerGone("worker");
        write(log(), put(state("k"), "two"));
        worker.serve("f");
        bound("again", "state", "f", "{}");
        write(log(), put(state("k"), "three"));

        await().until(() -> worker.payloads("f").contains("\"three\""));
        assertThat(worker.payloads("f").stream().distinct()).containsExactly("\"one\"", "\"two\"", "\"three\"");
    }

    @Test
    void whatComesWhileNobodyServesTheFunctionWaitsForIt() {
        bound("t", "state", "f", "{\"subscription\":\"mine\"}");
        write(log(), put(state("k"), "early"));
        worker.serve("f");

        await().until(() -> worker.payloads("f").contains("\"early\""));
    }

    @Test
    void anUnregisteredTriggerIsForgotten() {
        worker.serve("f");
        bound("t", "state", "f", "{\"subscription\":\"mine\"}");
        write(log(), put(state("k"), "one"));
        await().until(() -> worker.payloads("f").contains("\"one\""));
        triggers.unregister("t");
        write(log(), put(state("k"), "unseen"));
        // Bound again it is a new one: deleting takes a moment, which binding waits for.
        bound("t", "state", "f", "{\"subscription\":\"mine\"}");
        await().until(() -> {
            write(log(), put(state("k"), "probe"));
            return worker.payloads("f").contains("\"probe\"");
        });

        assertThat(worker.payloads("f")).startsWith("\"one\"");
    }

    @Test
    void twoBindingsOfOneSubscriptionGetEachEventOnce() {
        worker.serve("f");
        bound("a", "state", "f", "{\"scope\":\"s\"}");
        bound("b", "state", "f", "{\"scope\":\"s\"}");
        write(log(), put(state("k"), "x"));
        write(log(), put(state("k"), "y"));

        await().until(() -> worker.payloads("f").contains("\"y\""));
        assertThat(worker.payloads("f")).containsExactly("\"x\"", "\"y\"");
    }

    @Test
    void aSubscriptionOfAnotherFunctionIsRefused() {
        bound("a", "state", "f", "{\"subscription\":\"mine\"}");

        assertThatThrownBy(() -> bound("b", "state", "g", "{\"subscription\":\"mine\"}"))
                .hasCauseInstanceOf(TriggerRefusedException.class)
                .hasMessageContaining("subscription mine belongs to f");
        assertThat(triggers.bindings()).hasSize(1);
    }

    @Test
    void whatAlwaysFailsGoesToTheDeadLettersAndOthersGoOn() {
        worker.serve("f");
        worker.failing.add("\"bad\"");
        bound("t", "state", "f", "{\"subscription\":\"mine\"}");
        write(log(), put(state("a"), "bad"));
        write(log(), put(state("b"), "good"));

        await().until(() -> letters.size() == 1 && worker.payloads("f").contains("\"good\""));
        assertThat(letters.getFirst().subject()).isEqualTo(new DeadLetter.Subject("state", "mine"));
        assertThat(letters.getFirst().payload()).hasToString("\"bad\"");
        assertThat(worker.payloads("f").stream().filter("\"bad\""::equals)).hasSize(3);
    }

    @Test
    void onlyALiteralFalseOrAConditionThatFailsSkips() {
        worker.serve("f");
        worker.serve("c");
        worker.answers.put("c", payload -> switch (payload) {
            case "\"no\"" -> new Outcome.Result(Json.ofText("false"));
            case "\"odd\"" -> new Outcome.Result(Json.ofText("0"));
            case "\"broken\"" -> new Outcome.Failure("broken", "it is");
            default -> new Outcome.NoResult();
        });
        bound("t", "state", "f", "{\"condition_function_id\":\"c\"}");
        for (String value : List.of("no", "odd", "broken", "last")) {
            write(log(), put(state("k"), value));
        }

        await().until(() -> worker.payloads("f").contains("\"last\""));
        assertThat(worker.payloads("f")).containsExactly("\"odd\"", "\"last\"");
        assertThat(conditionsFailed).containsExactly("broken");
    }

    @Test
    void aLiveTriggerIsCalledOnceFromTheTap() {
        worker.serve("f");
        worker.failing.add("\"bad\"");
        bound("t", "state", "f", "{\"durable\":false}");
        write(log(), put(state("k"), "bad"));
        write(log(), put(state("k"), "good"));
        await().until(() -> worker.payloads("f").contains("\"good\""));
        triggers.unregister("t");

        assertThat(worker.payloads("f")).containsExactly("\"bad\"", "\"good\"");
        assertThat(letters).isEmpty();
    }

    @Test
    void aWorkerThatTurnsOutToBeABrowserIsServedLive() {
        worker.serve("f");
        bound("t", "stream", "f", "{\"stream_name\":\"s\"}");
        browsers.add("worker");
        if (changes != null && backend != null) {
            changes.announced("worker");
            await().until(() -> {
                sent(new Group("s", "g"), "\"event\"");
                return worker.payloads("f").contains("\"event\"");
            });
        }
        worker.failing.add("\"bad\"");
        sent(new Group("s", "g"), "\"bad\"");
        sent(new Group("s", "g"), "\"last\"");
        await().until(() -> worker.payloads("f").contains("\"last\""));

        assertThat(worker.payloads("f").stream().filter("\"bad\""::equals)).hasSize(1);
    }

    @Test
    void aStreamTriggerGetsWhatIsSentToTheStream() {
        worker.serve("f");
        bound("t", "stream", "f", "{\"stream_name\":\"s\",\"group_id\":\"g\"}");
        sent(new Group("s", "other"), "\"other\"");
        sent(new Group("s", "g"), "\"mine\"");

        await().until(() -> worker.payloads("f").contains("\"mine\""));
        assertThat(worker.payloads("f")).containsExactly("\"mine\"");
    }

    private void sent(Group group, String frame) {
        if (backend != null) {
            backend.events()
                    .send(group, Json.ofText(frame), 7, null)
                    .toCompletableFuture()
                    .join();
        }
    }

    /** A worker that remembers what it was called with. */
    private final class Worker implements Provider {
        private final List<Invocation> calls = new CopyOnWriteArrayList<>();
        private final Set<String> failing = ConcurrentHashMap.newKeySet();
        private final java.util.Map<String, java.util.function.Function<String, Outcome>> answers =
                new ConcurrentHashMap<>();
        private final Set<String> served = ConcurrentHashMap.newKeySet();

        void serve(String functionId) {
            served.add(functionId);
            invoker.serve(this, FunctionDescription.of(functionId, "test"));
        }

        void leave() {
            served.forEach(functionId -> invoker.cease(this, functionId));
        }

        List<String> payloads(String functionId) {
            return calls.stream()
                    .filter(call -> call.functionId().equals(functionId))
                    .map(call -> String.valueOf(call.payload()))
                    .toList();
        }

        @Override
        public CompletionStage<Outcome> call(Invocation invocation) {
            calls.add(invocation);
            String payload = String.valueOf(invocation.payload());
            if (failing.contains(payload)) {
                return CompletableFuture.completedStage(new Outcome.Failure("broken", "planted"));
            }
            return CompletableFuture.completedStage(
                    answers.getOrDefault(invocation.functionId(), given -> new Outcome.NoResult())
                            .apply(payload));
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
            return "worker";
        }
    }
}
