package io.millrace.node.run;

import io.millrace.engine.cron.Cron;
import io.millrace.engine.deliver.Deliveries;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.pubsub.PubSub;
import io.millrace.engine.queue.DurableTopics;
import io.millrace.engine.queue.QueueFunctions;
import io.millrace.engine.queue.QueueMeans;
import io.millrace.engine.queue.QueueSettings;
import io.millrace.engine.queue.Queues;
import io.millrace.engine.queue.QueuesConfig;
import io.millrace.kafka.KafkaBackend;
import io.millrace.node.config.NodeConfig;
import io.millrace.node.config.QueueConfig;
import io.millrace.node.cron.CronExpressions;
import io.millrace.node.observe.Meters;
import io.millrace.node.observe.QueueMeters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Pub/sub, durable queues and topics, and cron jobs. */
final class QueueParts implements AutoCloseable {
    private static final Duration DISCOVERY = Duration.ofSeconds(10);

    private final Queues queues;
    private final DurableTopics topics;
    private final QueueFunctions functions;
    private final Cron cron;

    private QueueParts(
            NodeConfig config,
            FleetParts fleet,
            KafkaBackend kafka,
            Deliveries deliveries,
            Spine spine,
            Programs programs,
            QueueMeters meters) {
        Invoker invoker = programs.functions();
        Scheduler scheduler = spine.scheduler();
        InstantSource clock = InstantSource.system();
        QueueMeans means = new QueueMeans(
                kafka.queues(config.queues().partitions(), config.queues().retention()),
                kafka.groups(),
                deliveries,
                kafka.deadLetters(),
                invoker,
                scheduler,
                clock,
                UUID::randomUUID,
                meters);
        QueuesConfig queuesConfig = queues(config);
        this.queues = new Queues(queuesConfig, means);
        this.topics = new DurableTopics(queuesConfig, means);
        this.functions = new QueueFunctions(queuesConfig, means, queues, topics, fleet.nodeId(), fleet.peers());
        this.cron = new Cron(
                new CronExpressions(),
                new Cron.Means(invoker, scheduler, clock, config.queues().cronTimeout(), meters, spine.claims(fleet)));
        PubSub pubsub = new PubSub(
                kafka.messages(),
                invoker,
                config.callDeadline(),
                config.limits().valueBytes(),
                clock,
                meters);
        invoker.add(functions.all());
        invoker.add(List.of(pubsub.publish()));
        List.of(pubsub, topics, cron).forEach(programs.triggers()::provide);
    }

    /** The same over what the node has. */
    static QueueParts open(
            NodeConfig config, FleetParts fleet, KafkaBackend kafka, Spine spine, Programs programs, Meters meters) {
        return new QueueParts(
                config,
                fleet,
                kafka,
                TriggerParts.deliveries(kafka, spine, meters.deliveries()),
                spine,
                programs,
                meters.queues());
    }

    private static QueuesConfig queues(NodeConfig config) {
        QueueConfig wanted = config.queues();
        Map<String, QueueSettings> named = wanted.named().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, queue -> settings(queue.getValue())));
        return new QueuesConfig(
                settings(wanted.defaults()),
                named,
                wanted.timeout(),
                wanted.absence(),
                DISCOVERY,
                config.limits().valueBytes());
    }

    private static QueueSettings settings(QueueConfig.Queue queue) {
        return new QueueSettings(
                switch (queue.order()) {
                    case STANDARD -> QueueSettings.Order.STANDARD;
                    case FIFO -> QueueSettings.Order.FIFO;
                },
                queue.groupField().orElse(null),
                queue.attempts(),
                queue.concurrency(),
                queue.backoff());
    }

    /** Begins to work off what waits. */
    void start() {
        queues.start();
        functions.start();
    }

    /** Works nothing off any longer; what is not done with waits for the next one. Kafka must still be there. */
    @Override
    public void close() {
        cron.close();
        queues.close();
        topics.close();
        functions.close();
    }
}
