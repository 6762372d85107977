package io.millrace.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.engine.feed.FeedEvents;
import io.millrace.engine.feed.Reset;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs what the feeds of stream subscriptions do. */
public final class FeedMeters implements FeedEvents {
    private static final Logger LOG = LoggerFactory.getLogger(FeedMeters.class);

    private final Counter snapshotFailures;
    private final DistributionSummary resumed;
    private final DistributionSummary replayed;
    private final Counter replayFailures;
    private final Map<Reset, Counter> resets = new EnumMap<>(Reset.class);
    private final Counter lagged;
    private final Counter conflated;
    /** So that an outage is one line per partition and not one per attempt. */
    private final Set<Integer> unreadable = ConcurrentHashMap.newKeySet();

    FeedMeters(MeterRegistry registry) {
        snapshotFailures =
                counter(registry, "snapshot.failed", "Snapshots for subscribers that had to be tried again.");
        resumed = DistributionSummary.builder("millrace.feed.resumed.frames")
                .description("Frames from memory that a subscription which came back with a cursor went on with.")
                .register(registry);
        replayed = DistributionSummary.builder("millrace.feed.replayed.records")
                .description("Records read from Kafka again, at once for all who came back to a partition.")
                .register(registry);
        replayFailures = counter(
                registry, "feed.replay.failed", "Times a partition could not be read again and is tried once more.");
        for (Reset reason : Reset.values()) {
            resets.put(
                    reason,
                    Counter.builder("millrace.feed.resets")
                            .description("Subscriptions that had to begin again with a snapshot, by why.")
                            .tag("reason", reason.text())
                            .register(registry));
        }
        lagged = counter(registry, "feed.lagged", "Times a subscription did not keep up and began to wait for room.");
        conflated = counter(registry, "feed.conflated.frames", "Frames left out in favour of later ones.");
    }

    @Override
    public void snapshotFailed(int partition, Throwable cause) {
        snapshotFailures.increment();
        LOG.atDebug().setCause(cause).addKeyValue("partition", partition).log("snapshot failed, trying again");
    }

    @Override
    public void resumed(int frames) {
        resumed.record(frames);
    }

    @Override
    public void replayed(int partition, int records) {
        replayed.record(records);
        unreadable.remove(partition);
    }

    @Override
    public void replayFailed(int partition, Throwable cause) {
        replayFailures.increment();
        if (unreadable.add(partition)) {
            LOG.atWarn()
                    .addKeyValue("partition", partition)
                    .addKeyValue("cause", cause.getMessage())
                    .log("history cannot be read, trying again");
        }
    }

    @Override
    public void reset(Reset reason) {
        Counter counter = resets.get(reason);
        if (counter == null) {
            throw new IllegalStateException("no meter for " + reason);
        }
        counter.increment();
    }

    @Override
    public void lagged() {
        lagged.increment();
    }

    @Override
    public void conflated(int frames) {
        conflated.increment(frames);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder("millrace." + name).description(description).register(registry);
    }
}
