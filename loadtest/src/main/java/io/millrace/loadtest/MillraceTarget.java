package io.millrace.loadtest;

import io.millrace.core.address.StateAddress;
import io.millrace.core.change.Mutation;
import io.millrace.core.value.Json;
import io.millrace.engine.function.FreshIds;
import io.millrace.engine.own.CommitTurns;
import io.millrace.engine.own.Ownership;
import io.millrace.engine.port.MicroClock;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.write.Deadlines;
import io.millrace.engine.write.Retries;
import io.millrace.engine.write.WritePath;
import io.millrace.engine.write.WriterConfig;
import io.millrace.kafka.KafkaBackend;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The engine's write path on Kafka with its stores, as a node has it, and no edge before it: decides, appends, commits,
 * remembers, materialises, and answers when the write is durable and visible.
 */
final class MillraceTarget implements WriteTarget {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final MicroClock CLOCK = () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("load-timer").daemon().factory());
    private final Instant deadline = Instant.now().plus(Duration.ofDays(1));
    private final LoadTopics topics;
    private final LoadBackend backend;
    private final Ownership ownership;
    private final WritePath writes;
    private final FreshIds ids = new FreshIds(new SecureRandom().generateSeed(FreshIds.CHANCE_BYTES));
    private final StateAddress[] addresses;

    /** Returns once every partition is served. Creates topics of its own, which {@link #close()} deletes. */
    MillraceTarget(Broker broker, int partitions, Workload workload) {
        topics = new LoadTopics(broker.bootstrapServers());
        backend = new LoadBackend(broker, topics.prefix(), partitions);
        KafkaBackend kafka = backend.kafka();
        ownership = new Ownership(
                kafka.logs(),
                WriterConfig.defaults(),
                CLOCK,
                kafka.lease(),
                new Interruptions(),
                broker instanceof Broker.Embedded
                        ? CommitTurns.of(Math.max(2, Runtime.getRuntime().availableProcessors()))
                        : CommitTurns.unlimited(),
                Thread.ofPlatform().factory(),
                CLOSE_TIMEOUT);
        Scheduler scheduler = (delay, task) -> {
            Future<?> scheduled = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        };
        writes = new WritePath(ownership, new Retries(new Deadlines(CLOCK, scheduler), scheduler));
        addresses =
                IntStream.range(0, workload.keys()).mapToObj(workload::address).toArray(StateAddress[]::new);
        kafka.start(ownership, (partition, batch) -> {});
        LoadBackend.await(
                "partitions are not all served",
                ownership::servesAll,
                () -> kafka.health().toString());
    }

    @Override
    public String name() {
        return "millrace";
    }

    @Override
    public CompletionStage<?> submit(int key, byte[] value) {
        backend.check();
        Mutation mutation = Mutation.of(addresses[key], new Mutation.Set(Json.ofTrusted(value)), ids.get());
        return writes.submit(mutation, deadline);
    }

    @Override
    public void close() {
        ownership.close();
        backend.close();
        timer.shutdownNow();
        topics.close();
    }
}
