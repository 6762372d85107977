package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.channel.Channels;
import io.millrace.engine.cron.Cron;
import io.millrace.engine.cron.CronEvents;
import io.millrace.engine.deliver.Deliveries;
import io.millrace.engine.deliver.DeliveryEvents;
import io.millrace.engine.deliver.Plan;
import io.millrace.engine.deliver.RetryPolicy;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.gate.GateConfig;
import io.millrace.engine.gate.GateEvents;
import io.millrace.engine.gate.Gatekeeper;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.pubsub.PubSub;
import io.millrace.engine.pubsub.PubSubEvents;
import io.millrace.engine.queue.DurableTopics;
import io.millrace.engine.queue.QueueEvents;
import io.millrace.engine.queue.QueueMeans;
import io.millrace.engine.queue.QueueSettings;
import io.millrace.engine.queue.QueuesConfig;
import io.millrace.engine.subscription.ChangeTriggers;
import io.millrace.engine.subscription.SubscriptionEvents;
import io.millrace.engine.surface.EngineSurface;
import io.millrace.engine.surface.Logs;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.TriggerType;
import io.millrace.engine.trigger.Triggers;
import io.millrace.engine.worker.Endpoints;
import io.millrace.engine.worker.WorkerLimits;
import io.millrace.engine.worker.Workers;
import io.millrace.node.cron.CronExpressions;
import io.millrace.web.http.HttpEvents;
import io.millrace.web.http.HttpTriggers;
import io.millrace.web.http.HttpTriggersConfig;
import io.millrace.web.listen.Bind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The types of trigger take the configs that are described, and refuse the others. */
class TriggerConfigsTest {
    private static final Scheduler NEVER = (delay, task) -> () -> {};
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Invoker functions = new Invoker();
    private final Triggers triggers = new Triggers();
    private final Channels channels = new Channels(UUID::randomUUID, CLOCK);
    private final SilentKafka kafka = new SilentKafka();
    private final Deliveries deliveries =
            new Deliveries(new Deliveries.Means(kafka, kafka, NEVER, CLOCK, () -> 1.0, new DeliveryEvents() {}));
    private final HttpTriggers http = HttpTriggers.open(
            new HttpTriggersConfig(
                    new Bind("127.0.0.1", 0, "http.port"),
                    1,
                    new HttpTriggersConfig.Limits(TIMEOUT, 10, 100_000, 100_000, 100_000, 100),
                    HttpTriggersConfig.Cors.OPEN,
                    List.of(),
                    false),
            functions,
            channels,
            NEVER,
            CLOCK,
            Runnable::run,
            HttpEvents.NONE,
            () -> Duration.ZERO);

    TriggerConfigsTest() {
        ChangeTriggers changes = new ChangeTriggers(
                new ChangeTriggers.Means(
                        functions,
                        functions,
                        kafka,
                        kafka,
                        deliveries,
                        NEVER,
                        CLOCK,
                        Runnable::run,
                        binding -> false,
                        new SubscriptionEvents() {}),
                new ChangeTriggers.Config(
                        TIMEOUT,
                        new RetryPolicy(3, Duration.ofSeconds(1), TIMEOUT),
                        new Plan.Bounds(10, 100, 100_000)));
        changes.types().forEach(triggers::provide);
        triggers.provide(http.type());
        triggers.provide(
                new Cron(new CronExpressions(), new Cron.Means(functions, NEVER, CLOCK, TIMEOUT, new CronEvents() {})));
        triggers.provide(new PubSub(kafka, functions, TIMEOUT, 100, CLOCK, new PubSubEvents() {}));
        triggers.provide(durableTopics());
        new Gatekeeper(GateConfig.defaults(), functions, CLOCK, NEVER, GateEvents.NONE)
                .types()
                .forEach(triggers::provide);
        surface();
    }

    private DurableTopics durableTopics() {
        return new DurableTopics(
                new QueuesConfig(QueueSettings.DEFAULT, Map.of(), TIMEOUT, TIMEOUT, TIMEOUT, 100),
                new QueueMeans(
                        kafka,
                        kafka,
                        deliveries,
                        kafka,
                        functions,
                        NEVER,
                        CLOCK,
                        UUID::randomUUID,
                        new QueueEvents() {}));
    }

    private void surface() {
        Endpoints none = (workerId, invocation) -> {
            throw new Endpoints.RefusedException("refused", "none here");
        };
        Workers workers = new Workers(
                new Workers.Means(functions, triggers, none, UUID::randomUUID, NEVER, CLOCK, WorkerLimits.defaults()));
        EngineSurface.add(new EngineSurface.Means(
                functions,
                triggers,
                workers,
                channels,
                new Logs(10, printed -> {}),
                UUID::randomUUID,
                NEVER,
                CLOCK,
                () -> null,
                TIMEOUT,
                () -> {}));
    }

    @AfterEach
    void close() {
        http.close();
    }

    private static Stream<Example> configs() {
        return Example.all()
                .filter(example -> example.schema().startsWith("triggers/")
                        && example.schema().endsWith(".config"));
    }

    static Stream<Example> valid() {
        return configs().filter(Example::isValid);
    }

    static Stream<Example> invalid() {
        return configs().filter(example -> !example.isValid());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("valid")
    void aConfigAsDescribedIsTaken(Example example) {
        assertThat(types(example))
                .isNotEmpty()
                .allSatisfy(type -> assertThat(type.bind(binding(type, example)).toCompletableFuture())
                        .isNotCompletedExceptionally());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void anotherConfigIsRefused(Example example) {
        assertThat(types(example)).isNotEmpty().allSatisfy(type -> {
            Binding binding = binding(type, example);
            assertThatThrownBy(() -> type.bind(binding)).isInstanceOf(TriggerRefusedException.class);
        });
    }

    private static Binding binding(TriggerType type, Example example) {
        return new Binding("t", type.id(), "f", example.json(), null, null);
    }

    /** The types whose configs a schema describes. */
    private List<TriggerType> types(Example example) {
        String name = example.schema().replaceFirst("^triggers/", "").replaceFirst("\\.config$", "");
        List<String> ids = switch (name) {
            case "stream-join" -> List.of("stream:join", "stream:leave");
            case "durable-subscriber" -> List.of("durable:subscriber");
            default -> List.of(name);
        };
        return triggers.types().stream().filter(type -> ids.contains(type.id())).toList();
    }
}
