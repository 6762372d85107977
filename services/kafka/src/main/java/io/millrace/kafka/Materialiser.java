package io.millrace.kafka;

import io.millrace.core.address.Space;
import io.millrace.engine.port.Assignment;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.BytesDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kafka Streams application that keeps a local copy of each partition this node is to own, or to stand by for. The
 * change topics are the changelogs of their own stores. Applying a record twice is harmless, so no transactions.
 */
final class Materialiser implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Materialiser.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration EVICTING = Duration.ofSeconds(3);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);

    private final KafkaStreams streams;
    private final StoreConfig config;
    private final Namesake namesake;
    private final Alarm.Listener alarms;

    Materialiser(
            Topics topics,
            ClientSettings settings,
            StoreConfig config,
            StoreFolder folder,
            Assignment assignment,
            CopyPlaces places,
            Namesake namesake,
            Alarm.Listener alarms) {
        this.config = config;
        this.namesake = namesake;
        this.alarms = alarms;
        Properties properties = new Properties();
        properties.putAll(
                settings.streams(topics.names().application(), folder.state().toString(), config));
        this.streams = new KafkaStreams(topology(topics.names(), places.watching(assignment)), properties);
        streams.setStandbyUpdateListener(places);
        streams.setGlobalStateRestoreListener(places);
        streams.setUncaughtExceptionHandler(this::failed);
        streams.setStateListener((now, before) -> LOG.atInfo()
                .addKeyValue("before", before)
                .addKeyValue("now", now)
                .log("local copies changed state"));
    }

    private static Topology topology(Names names, Assignment assignment) {
        Topology topology = new Topology();
        for (Space space : Space.values()) {
            String name = StoreFeeder.storeName(space);
            topology.addReadOnlyStateStore(
                    Stores.keyValueStoreBuilder(
                                    Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                            .withCachingDisabled(),
                    name + "-changes",
                    // Streams would skip a record whose timestamp it dislikes.
                    (record, partitionTime) -> Math.max(0, record.timestamp()),
                    new BytesDeserializer(),
                    new ByteArrayDeserializer(),
                    names.changes(space),
                    name + "-feeder",
                    () -> new StoreFeeder(space, assignment));
        }
        return topology;
    }

    void start() {
        streams.start();
    }

    KafkaStreams streams() {
        return streams;
    }

    private StreamThreadExceptionResponse failed(Throwable e) {
        boolean fenced = isFenced(e);
        if (fenced && !namesake.isThere().getAsBoolean()) {
            // If it is a process after all, this goes on until its first word in the cluster topic has been read.
            LOG.atWarn().addKeyValue("reason", Cluster.reason(e)).log("membership was replaced, joining again");
            evictNamesake();
            return replaceAfterPause();
        }
        boolean recovering = !(e instanceof Error) && !fenced;
        LOG.atError().setCause(e).addKeyValue("recovering", recovering).log("local copies failed");
        alarms.raised(new Alarm.StoreFailed(Cluster.reason(e), recovering));
        if (!recovering) {
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        return replaceAfterPause();
    }

    /** Or the group would keep its partitions for it until its session has ended. */
    private void evictNamesake() {
        try {
            namesake.evict().get().toCompletableFuture().get(EVICTING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.atInfo().addKeyValue("reason", Cluster.reason(e)).log("membership under our name not ended");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static StreamThreadExceptionResponse replaceAfterPause() {
        try {
            // On the thread that is dying: a failure that persists must not become a busy loop.
            Thread.sleep(PAUSE_AFTER_FAILURE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** Whether the group knows somebody else under our node id. */
    private static boolean isFenced(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof FencedInstanceIdException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        // The default does not leave the group: right for a node that comes back, wrong if others wait for its
        // partitions.
        boolean closed = streams.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                .withGroupMembershipOperation(
                        config.fleet()
                                ? CloseOptions.GroupMembershipOperation.LEAVE_GROUP
                                : CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
        if (!closed) {
            LOG.atWarn().addKeyValue("timeout", CLOSE_TIMEOUT).log("local copies did not close in time");
        }
    }
}
