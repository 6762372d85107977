package io.millrace.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.core.address.Space;
import io.millrace.engine.write.PartitionWriter;
import io.millrace.engine.write.WriteEvents;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Counts, measures and logs what the writers do. */
public final class WriteMeters implements WriteEvents {
    private static final Logger LOG = LoggerFactory.getLogger(WriteMeters.class);

    private final Map<Space, Map<Answer, Counter>> answers = new EnumMap<>(Space.class);
    private final Map<Space, Timer> commits = new EnumMap<>(Space.class);
    private final DistributionSummary batchMutations;
    private final DistributionSummary batchBytes;
    private final Timer takeovers;
    private final Counter inDoubt;
    private final Counter fenced;
    private final Counter unavailable;
    private final Counter stopped;
    private final Counter failed;
    private final Counter forgotten;
    private volatile Supplier<List<PartitionWriter>> writers = List::of;
    /** So that an outage is one line per partition and not one per attempt. */
    private final Set<String> away = ConcurrentHashMap.newKeySet();

    WriteMeters(MeterRegistry registry) {
        for (Space space : Space.values()) {
            Map<Answer, Counter> bySpace = new EnumMap<>(Answer.class);
            for (Answer answer : Answer.values()) {
                bySpace.put(
                        answer,
                        Counter.builder("millrace.mutations")
                                .description("Mutations answered, by what came of them.")
                                .tag("space", name(space))
                                .tag("answer", answer.name().toLowerCase(Locale.ROOT))
                                .register(registry));
            }
            answers.put(space, bySpace);
            commits.put(
                    space,
                    Timer.builder("millrace.commit")
                            .description("From a transaction's first append to its commit.")
                            .tag("space", name(space))
                            .serviceLevelObjectives(millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000))
                            .register(registry));
        }
        batchMutations = DistributionSummary.builder("millrace.commit.mutations")
                .description("Mutations one transaction committed.")
                .register(registry);
        batchBytes = DistributionSummary.builder("millrace.commit.size")
                .description("Bytes of records one transaction committed.")
                .baseUnit("bytes")
                .register(registry);
        takeovers = Timer.builder("millrace.takeover")
                .description("From a partition's assignment, or its outcome becoming doubtful, to serving it.")
                .serviceLevelObjectives(millis(50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000))
                .register(registry);
        inDoubt = counter(registry, "in.doubt", "Transactions whose outcome had to be read from the log.");
        fenced = counter(registry, "fenced", "Times another owner took a partition over.");
        unavailable = counter(registry, "log.unavailable", "Times a partition's log could not be reached.");
        stopped = counter(
                registry, "partition.stopped", "Alarms: partitions that cannot be served until somebody has looked.");
        failed = counter(registry, "mutation.failed", "Mutations that failed by a bug of ours.");
        forgotten = counter(
                registry, "mutation.ids.forgotten", "Mutation ids forgotten before their time: there were too many.");
        gauge(registry, "partitions.owned", "Partitions assigned to this node.", writer -> 1);
        gauge(registry, "partitions.serving", "Partitions this node serves.", writer -> writer.isServing() ? 1 : 0);
        gauge(
                registry,
                "queue.mutations",
                "Mutations that wait to be decided.",
                writer -> writer.load().queued());
        gauge(
                registry,
                "overlay.entries",
                "Committed values the local copies have not got yet.",
                writer -> writer.load().overlay());
        gauge(
                registry,
                "mutation.ids",
                "Mutation ids remembered.",
                writer -> writer.load().rememberedIds());
    }

    /** Says whose queues the gauges add up. */
    public void watch(Supplier<List<PartitionWriter>> owned) {
        writers = owned;
    }

    @Override
    public void answered(Space space, Answer answer) {
        of(of(answers, space), answer).increment();
    }

    @Override
    public void committed(Space space, int partition, int mutations, long bytes, Duration took) {
        of(commits, space).record(took);
        batchMutations.record(mutations);
        batchBytes.record((double) bytes);
    }

    @Override
    public void serving(Space space, int partition, Duration takeover) {
        takeovers.record(takeover);
        boolean again = away.remove(name(space) + partition);
        at(again ? LOG.atInfo() : LOG.atDebug(), space, partition)
                .addKeyValue("tookMs", takeover.toMillis())
                .log("partition served");
    }

    @Override
    public void inDoubt(Space space, int partition, int mutations, Throwable cause) {
        inDoubt.increment();
        away.add(name(space) + partition);
        at(LOG.atWarn(), space, partition)
                .setCause(cause)
                .addKeyValue("mutations", mutations)
                .log("outcome in doubt, reading the log");
    }

    @Override
    public void fenced(Space space, int partition, Throwable cause) {
        fenced.increment();
        at(LOG.atWarn(), space, partition)
                .addKeyValue("cause", cause.getMessage())
                .log("another owner took over");
    }

    @Override
    public void unavailable(Space space, int partition, Throwable cause) {
        unavailable.increment();
        if (away.add(name(space) + partition)) {
            at(LOG.atWarn(), space, partition)
                    .addKeyValue("cause", cause.getMessage())
                    .log("log cannot be reached, trying again");
        }
    }

    @Override
    public void stopped(Space space, int partition, Throwable cause) {
        stopped.increment();
        at(LOG.atError(), space, partition).setCause(cause).log("partition stopped, somebody has to look");
    }

    @Override
    public void failed(Space space, int partition, Throwable cause) {
        failed.increment();
        at(LOG.atError(), space, partition).setCause(cause).log("mutation failed by a bug");
    }

    @Override
    public void handedOver(Space space, int partition) {
        at(LOG.atDebug(), space, partition).log("partition handed over");
    }

    @Override
    public void forgotten(Space space, int partition, int mutationIds) {
        if (forgotten.count() == 0) {
            at(LOG.atWarn(), space, partition).log("mutation ids forgotten before their time");
        }
        forgotten.increment(mutationIds);
    }

    private static LoggingEventBuilder at(LoggingEventBuilder line, Space space, int partition) {
        return line.addKeyValue("space", name(space)).addKeyValue("partition", partition);
    }

    private void gauge(
            MeterRegistry registry, String name, String description, ToDoubleFunction<PartitionWriter> value) {
        Gauge.builder(
                        "millrace." + name,
                        () -> writers.get().stream().mapToDouble(value).sum())
                .description(description)
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder("millrace." + name).description(description).register(registry);
    }

    private static Duration[] millis(long... limits) {
        Duration[] durations = new Duration[limits.length];
        for (int i = 0; i < limits.length; i++) {
            durations[i] = Duration.ofMillis(limits[i]);
        }
        return durations;
    }

    private static <K, V> V of(Map<K, V> all, K key) {
        V value = all.get(key);
        if (value == null) {
            throw new IllegalStateException("no meter for " + key);
        }
        return value;
    }

    private static String name(Space space) {
        return space.name().toLowerCase(Locale.ROOT);
    }
}
