package io.millrace.node.run;

import io.millrace.engine.deliver.Deliveries;
import io.millrace.engine.deliver.Plan;
import io.millrace.engine.deliver.RetryPolicy;
import io.millrace.engine.subscription.ChangeTriggers;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.worker.Worker;
import io.millrace.engine.worker.WorkerEvents;
import io.millrace.engine.worker.WorkerInfo;
import io.millrace.engine.worker.Workers;
import io.millrace.kafka.KafkaBackend;
import io.millrace.node.config.NodeConfig;
import io.millrace.node.observe.DeliveryMeters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** State and stream triggers over Kafka's consumer groups. */
final class TriggerParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerParts.class);
    private static final Duration LEAVING = Duration.ofSeconds(5);

    private final Deliveries deliveries;
    private final ChangeTriggers triggers;

    private TriggerParts(
            NodeConfig config,
            KafkaBackend kafka,
            Spine spine,
            Programs programs,
            Executor executor,
            DeliveryMeters meters) {
        this.deliveries = deliveries(kafka, spine, meters);
        Workers workers = programs.workers();
        this.triggers = new ChangeTriggers(
                new ChangeTriggers.Means(
                        spine.functions(),
                        spine.functions(),
                        kafka.groups(),
                        kafka.tap(),
                        deliveries,
                        spine.scheduler(),
                        InstantSource.system(),
                        executor,
                        binding -> isBrowsers(workers, binding),
                        meters,
                        programs.reach().sharing()),
                config(config.triggers()));
        workers.listen(new WorkerEvents() {
            @Override
            public void announced(Worker worker) {
                triggers.announced(worker.id());
            }
        });
        triggers.types().forEach(programs.triggers()::provide);
    }

    /**
     * Provides the trigger types {@code state} and {@code stream}.
     *
     * @param executor of virtual threads; must outlive the workers, whose end is the end of their triggers
     */
    static TriggerParts open(
            NodeConfig config,
            KafkaBackend kafka,
            Spine spine,
            Programs programs,
            Executor executor,
            DeliveryMeters meters) {
        return new TriggerParts(config, kafka, spine, programs, executor, meters);
    }

    /** At-least-once delivery of what consumer groups read. */
    static Deliveries deliveries(KafkaBackend kafka, Spine spine, DeliveryMeters meters) {
        return new Deliveries(new Deliveries.Means(
                kafka.groups(),
                kafka.deadLetters(),
                spine.scheduler(),
                InstantSource.system(),
                () -> ThreadLocalRandom.current().nextDouble(),
                meters));
    }

    private static ChangeTriggers.Config config(NodeConfig.Triggers wanted) {
        return new ChangeTriggers.Config(
                wanted.timeout(),
                new RetryPolicy(wanted.attempts(), wanted.firstWait(), wanted.longestWait()),
                new Plan.Bounds(wanted.calls(), wanted.held(), wanted.heldBytes()));
    }

    /** Thousands of browsers come and go: they must not become thousands of groups. */
    private static boolean isBrowsers(Workers workers, Binding binding) {
        Worker worker = binding.workerId() == null ? null : workers.worker(binding.workerId());
        if (worker == null) {
            return false;
        }
        WorkerInfo info = worker.info();
        String framework = info.telemetry() == null
                ? ""
                : info.telemetry().tree().path("framework").asString("");
        return isBrowser(info.runtime() == null ? "" : info.runtime()) || isBrowser(framework);
    }

    private static boolean isBrowser(String text) {
        return text.toLowerCase(Locale.ROOT).contains("browser");
    }

    /** Leaves the groups, so that others take over at once. */
    @Override
    public void close() {
        try {
            triggers.close().toCompletableFuture().get(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.atWarn().setCause(e).log("triggers' groups not left in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
