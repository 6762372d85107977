package io.millrace.loadtest;

import io.millrace.core.address.StateAddress;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.value.Json;
import io.millrace.engine.own.Ownership;
import io.millrace.engine.port.MicroClock;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.write.Deadlines;
import io.millrace.engine.write.Retries;
import io.millrace.engine.write.WriteEvents;
import io.millrace.engine.write.WritePath;
import io.millrace.engine.write.WriterConfig;
import io.millrace.kafka.Alarm;
import io.millrace.kafka.KafkaBackend;
import io.millrace.kafka.KafkaBackendConfig;
import io.millrace.kafka.StoreConfig;
import io.millrace.kafka.TopicsConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The engine's write path on Kafka with its stores, as a node has it, and no edge before it: decides, appends, commits,
 * remembers, materialises, and answers when the write is durable and visible.
 */
final class MillraceTarget implements WriteTarget {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final MicroClock CLOCK = () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

    private final TemporaryFolder folder = new TemporaryFolder();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("load-timer").daemon().factory());
    private final Instant deadline = Instant.now().plus(Duration.ofDays(1));
    private final LoadTopics topics;
    private final KafkaBackend backend;
    private final Ownership ownership;
    private final WritePath writes;
    private final StateAddress[] addresses;
    private long submitted;
    private volatile @Nullable Alarm alarm;

    /** Returns once every partition is served. Creates topics of its own, which {@link #close()} deletes. */
    MillraceTarget(Broker broker, int partitions, Workload workload) {
        topics = new LoadTopics(broker.bootstrapServers());
        KafkaBackendConfig config = new KafkaBackendConfig(
                "load",
                folder.path(),
                broker.cluster(),
                new TopicsConfig(
                        topics.prefix(),
                        OptionalInt.of(partitions),
                        1,
                        TopicsConfig.HISTORY,
                        TopicsConfig.MAX_VALUE_BYTES),
                StoreConfig.alone());
        backend = KafkaBackend.connect(config, this::raised);
        ownership = new Ownership(
                backend.logs(),
                WriterConfig.defaults(),
                CLOCK,
                backend.lease(),
                new WriteEvents() {},
                Thread.ofPlatform().factory(),
                CLOSE_TIMEOUT);
        Scheduler scheduler = (delay, task) -> {
            Future<?> scheduled = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        };
        writes = new WritePath(ownership, new Retries(new Deadlines(CLOCK, scheduler), scheduler));
        addresses =
                IntStream.range(0, workload.keys()).mapToObj(workload::address).toArray(StateAddress[]::new);
        backend.start(ownership, (partition, batch) -> {});
        awaitServing();
    }

    @Override
    public String name() {
        return "millrace";
    }

    @Override
    public CompletionStage<?> submit(int key, byte[] value) {
        Alarm raised = alarm;
        if (raised != null) {
            return CompletableFuture.failedStage(new IllegalStateException(raised.message()));
        }
        submitted++;
        Mutation mutation = Mutation.of(
                addresses[key], new Mutation.Set(Json.ofTrusted(value)), new MutationId("load-" + submitted));
        return writes.submit(mutation, deadline);
    }

    @Override
    public void close() {
        ownership.close();
        backend.close();
        timer.shutdownNow();
        topics.close();
        folder.close();
    }

    private void awaitServing() {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!ownership.servesAll()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException(
                        "partitions are not all served after " + PATIENCE + ": " + backend.health());
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** Spoils the run: from now on every write fails. */
    private void raised(Alarm first) {
        alarm = first;
    }
}
