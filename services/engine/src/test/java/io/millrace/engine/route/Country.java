package io.millrace.engine.route;

import io.millrace.core.address.Address;
import io.millrace.core.address.Space;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.Reply;
import io.millrace.engine.ManualTime;
import io.millrace.engine.peer.MemoryPeers;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.port.MicroClock;
import io.millrace.engine.port.Replicas;
import io.millrace.engine.read.OwnerReads;
import io.millrace.engine.write.Deadlines;
import io.millrace.engine.write.Owners;
import io.millrace.engine.write.PartitionWriter;
import io.millrace.engine.write.Retries;
import io.millrace.engine.write.UnavailableException;
import io.millrace.engine.write.WatchedEvents;
import io.millrace.engine.write.WriteEvents;
import io.millrace.engine.write.WritePath;
import io.millrace.engine.write.WriterConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Some nodes over logs in memory, two partitions a space, connected by links that the test controls. */
final class Country {
    static final int PARTITIONS = 2;
    static final RoutingConfig CONFIG = new RoutingConfig(
            60, Duration.ofSeconds(30), Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofSeconds(1));

    final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
    final MemoryPeers links = new MemoryPeers(time);
    private final Map<Place, MemoryLog> logs = new LinkedHashMap<>();
    private final Map<String, Town> towns = new LinkedHashMap<>();

    record Place(Space space, int partition) {}

    Country() {
        for (Space space : Space.values()) {
            for (int i = 0; i < PARTITIONS; i++) {
                logs.put(new Place(space, i), new MemoryLog());
            }
        }
    }

    MemoryLog log(Space space, int partition) {
        return Objects.requireNonNull(logs.get(new Place(space, partition)));
    }

    Town town(String name) {
        return towns.computeIfAbsent(name, Town::new);
    }

    static int partition(Address address) {
        return address.unit().partition(PARTITIONS);
    }

    Instant in(Duration duration) {
        return time.instant().plus(duration);
    }

    /** What has come already. */
    static <T> T come(CompletableFuture<T> stage) {
        return Objects.requireNonNull(stage.getNow(null), "nothing has come yet");
    }

    /** Lets everything happen that can without time passing. */
    void settle() {
        for (int i = 0; i < 12; i++) {
            links.drain();
            towns.values().forEach(Town::work);
        }
        links.drain();
    }

    /** Lets time pass in small steps, and everything happen. */
    void pass(Duration duration) {
        Instant until = time.instant().plus(duration);
        settle();
        while (time.instant().isBefore(until)) {
            time.pass(Duration.ofMillis(10));
            links.expire();
            settle();
        }
    }

    /** A node. */
    final class Town implements Owners, Replicas {
        final Peers peers;
        final Routing routing;
        final WritePath writes;
        final OwnerReads reads;
        final Map<Place, PartitionWriter> owned = new LinkedHashMap<>();
        final Map<Place, Replica> copies = new LinkedHashMap<>();
        boolean leaseHeld = true;
        private final MicroClock clock = () -> ChronoUnit.MICROS.between(Instant.EPOCH, time.instant());

        Town(String name) {
            peers = links.node(name);
            routing = new Routing(new Means(
                    peers, this, this, Runnable::run, time, clock, this::await, CONFIG, new RouteEvents() {}));
            Retries retries = new Retries(new Deadlines(clock, time), time);
            writes = new WritePath(this, routing.remote(), retries);
            reads = new OwnerReads(this, routing.remote(), routing.copies(), retries, Runnable::run);
        }

        private byte[] await(CompletionStage<byte[]> answer) {
            CompletableFuture<byte[]> awaited = answer.toCompletableFuture();
            for (int i = 0; i < 500 && !awaited.isDone(); i++) {
                time.pass(Duration.ofMillis(10));
                links.expire();
                links.drain();
            }
            if (!awaited.isDone()) {
                throw new UnavailableException("nothing happens");
            }
            return awaited.join();
        }

        /** Takes a partition over, as far as it has not lost it again at once. */
        MemoryLog.Copy owns(Space space, int partition) {
            MemoryLog log = log(space, partition);
            MemoryLog.Copy store = log.current();
            WriteEvents events = new WatchedEvents(new WriteEvents() {}, routing);
            PartitionWriter writer = new PartitionWriter(
                    space, partition, log.writer(), store, WriterConfig.defaults(), clock, () -> leaseHeld, events);
            owned.put(new Place(space, partition), writer);
            for (int i = 0; i < 5; i++) {
                writer.advance();
            }
            return store;
        }

        void ownsAll() {
            logs.keySet().forEach(place -> owns(place.space(), place.partition()));
        }

        void givesUp(Space space, int partition) {
            PartitionWriter writer = owned.remove(new Place(space, partition));
            routing.changed(space, partition);
            if (writer != null) {
                writer.close();
                writer.advance();
            }
        }

        void work() {
            owned.values().forEach(PartitionWriter::advance);
        }

        CompletableFuture<Reply> submit(Mutation mutation) {
            return writes.submit(mutation, in(Duration.ofSeconds(5))).toCompletableFuture();
        }

        Reply reply(Mutation mutation) {
            CompletableFuture<Reply> reply = submit(mutation);
            pass(Duration.ofMillis(50));
            return come(reply);
        }

        @Override
        public @Nullable PartitionWriter owner(Space space, int partition) {
            return owned.get(new Place(space, partition));
        }

        @Override
        public int partitions(Space space) {
            return PARTITIONS;
        }

        @Override
        public @Nullable Replica replica(Space space, int partition) {
            return copies.get(new Place(space, partition));
        }
    }
}
