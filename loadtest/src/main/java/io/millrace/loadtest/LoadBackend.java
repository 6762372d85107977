package io.millrace.loadtest;

import io.millrace.kafka.Alarm;
import io.millrace.kafka.KafkaBackend;
import io.millrace.kafka.KafkaBackendConfig;
import io.millrace.kafka.StoreConfig;
import io.millrace.kafka.TopicsConfig;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Millrace's side of Kafka with a folder of its own, which is deleted when closed. */
final class LoadBackend implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TemporaryFolder folder = new TemporaryFolder();
    private final KafkaBackend kafka;
    private volatile @Nullable Alarm alarm;

    /** Connected, not started. Creates the topics. */
    LoadBackend(Broker broker, String topicPrefix, int partitions) {
        KafkaBackendConfig config = new KafkaBackendConfig(
                "load",
                folder.path(),
                broker.cluster(),
                new TopicsConfig(
                        topicPrefix, OptionalInt.of(partitions), 1, TopicsConfig.HISTORY, TopicsConfig.MAX_VALUE_BYTES),
                StoreConfig.alone());
        kafka = KafkaBackend.connect(config, this::raised);
    }

    KafkaBackend kafka() {
        return kafka;
    }

    /** Throws if an alarm was raised: numbers that came about with one mean nothing. */
    void check() {
        Alarm raised = alarm;
        if (raised != null) {
            throw new IllegalStateException(raised.message());
        }
    }

    /** Waits until {@code done}; if that never comes, says what did not happen and how things are. */
    static void await(String otherwise, BooleanSupplier done, Supplier<String> state) {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException(otherwise + " after " + PATIENCE + ": " + state.get());
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Override
    public void close() {
        kafka.close();
        folder.close();
    }

    private void raised(Alarm first) {
        alarm = first;
    }
}
