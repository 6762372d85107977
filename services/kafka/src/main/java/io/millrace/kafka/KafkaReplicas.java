package io.millrace.kafka;

import io.millrace.core.address.Space;
import io.millrace.engine.port.Replicas;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** The copies of this node's Streams application, also those that stand by or are being restored. */
final class KafkaReplicas implements Replicas {
    private static final Duration WANTED = Duration.ofMinutes(1);

    private final Supplier<Optional<KafkaStreams>> streams;
    private final CopyPlaces places;
    private volatile long askedNs;
    private volatile boolean asked;

    KafkaReplicas(Supplier<Optional<KafkaStreams>> streams, CopyPlaces places) {
        this.streams = streams;
        this.places = places;
    }

    @Override
    public @Nullable Replica replica(Space space, int partition) {
        askedNs = System.nanoTime();
        asked = true;
        TopicPartition at = places.at(space, partition);
        CopyPlace place = places.place(at);
        KafkaStreams running = streams.get().orElse(null);
        if (place == null || running == null) {
            return null;
        }
        String name = StoreFeeder.storeName(space);
        try {
            ReadOnlyKeyValueStore<Bytes, byte[]> store = running.store(
                    StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                            .enableStaleStores()
                            .withPartition(partition));
            return new Replica(new StaleCopy(at, store, place), place.currentMs());
        } catch (InvalidStateStoreException | IllegalStateException e) {
            // Taken away, being opened or closed.
            return null;
        }
    }

    /** Whether somebody has asked lately. */
    boolean isWanted() {
        return asked && System.nanoTime() - askedNs < WANTED.toNanos();
    }
}
