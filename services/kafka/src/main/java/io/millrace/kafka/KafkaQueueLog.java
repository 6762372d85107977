package io.millrace.kafka;

import io.millrace.core.address.RecordKey;
import io.millrace.core.value.Json;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.port.Received;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** The queues' topics in the cluster. */
final class KafkaQueueLog implements QueueLog, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    /** Marks outlive what they mark. */
    private static final Duration MARKS_KEPT = Duration.ofDays(30);

    private final Names names;
    private final int partitions;
    private final Duration kept;
    private final Cluster cluster;
    private final Appender appender;
    private final ClientSettings settings;
    private final ExecutorService reading = Executors.newVirtualThreadPerTaskExecutor();

    KafkaQueueLog(
            Names names, int partitions, Duration kept, Cluster cluster, Appender appender, ClientSettings settings) {
        this.names = names;
        this.partitions = partitions;
        this.kept = kept;
        this.cluster = cluster;
        this.appender = appender;
        this.settings = settings;
    }

    private SideTopics.Kind kind(Kind kind) {
        return switch (kind) {
            case QUEUE -> new SideTopics.Kind(partitions, kept, SideTopics.Cleanup.DELETE);
            case ORDERED -> new SideTopics.Kind(1, kept, SideTopics.Cleanup.DELETE);
            case MARKS -> new SideTopics.Kind(1, MARKS_KEPT, SideTopics.Cleanup.COMPACT_AND_DELETE);
        };
    }

    @Override
    public CompletionStage<Void> open(Kind kind, String topic) {
        return appender.open(names.prefix() + topic, kind(kind));
    }

    @Override
    public CompletionStage<Void> append(Kind kind, String topic, @Nullable String key, Entry entry) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                names.prefix() + topic,
                key == null ? null : RecordCodec.utf8(key),
                entry.value().utf8());
        entry.headers().forEach((name, text) -> record.headers().add(name, RecordCodec.utf8(text)));
        return appender.append(kind(kind), record);
    }

    @Override
    public CompletionStage<Set<String>> topics(String prefix) {
        return ask("list topics", () -> cluster.admin().listTopics().names())
                .thenApply(all -> withoutPrefix(all, prefix));
    }

    @Override
    public CompletionStage<Set<String>> groups(String prefix) {
        return ask(
                        "list groups",
                        () -> cluster.admin()
                                .listGroups(ListGroupsOptions.forConsumerGroups())
                                .all())
                .thenApply(all ->
                        withoutPrefix(all.stream().map(GroupListing::groupId).toList(), prefix));
    }

    private Set<String> withoutPrefix(Collection<String> all, String prefix) {
        return all.stream()
                .filter(name -> name.startsWith(names.prefix() + prefix))
                .map(name -> name.substring(names.prefix().length()))
                .collect(Collectors.toSet());
    }

    @Override
    public CompletionStage<Void> beginAtOldest(String group, String topic) {
        String groupId = names.prefix() + group;
        return offsets(topic, OffsetSpec.earliest())
                .thenCombine(places(groupId), (oldest, known) -> {
                    Map<TopicPartition, OffsetAndMetadata> missing = new HashMap<>();
                    oldest.forEach((at, offset) -> {
                        if (!known.containsKey(at)) {
                            missing.put(at, new OffsetAndMetadata(offset));
                        }
                    });
                    return missing;
                })
                .thenCompose(missing ->
                        missing.isEmpty() ? CompletableFuture.completedStage(null) : place(groupId, missing));
    }

    private CompletionStage<Void> place(String groupId, Map<TopicPartition, OffsetAndMetadata> places) {
        return ask(
                        "place group " + groupId,
                        () -> cluster.admin()
                                .alterConsumerGroupOffsets(groupId, places)
                                .all())
                .handle((placed, failure) -> {
                    // Somebody has joined meanwhile, who had seen to it before.
                    if (failure != null && !isCausedBy(failure, UnknownMemberIdException.class)) {
                        throw new CompletionException(failure);
                    }
                    return null;
                });
    }

    /** Where a group has got to; nowhere if it is not there. */
    private CompletionStage<Map<TopicPartition, OffsetAndMetadata>> places(String groupId) {
        return ask(
                        "look up group " + groupId,
                        () -> cluster.admin().listConsumerGroupOffsets(groupId).partitionsToOffsetAndMetadata())
                .handle((found, failure) -> {
                    Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>();
                    if (failure == null) {
                        found.forEach((at, place) -> {
                            if (place != null) {
                                known.put(at, place);
                            }
                        });
                    } else if (!isCausedBy(failure, GroupIdNotFoundException.class)) {
                        throw new CompletionException(failure);
                    }
                    return known;
                });
    }

    /** Of every partition; of none if there is no such topic. */
    private CompletionStage<Map<TopicPartition, Long>> offsets(String topic, OffsetSpec which) {
        String name = names.prefix() + topic;
        Admin admin = cluster.admin();
        return ask(
                        "describe topic " + name,
                        () -> admin.describeTopics(Set.of(name))
                                .topicNameValues()
                                .get(name))
                .thenCompose(described -> ask(
                        "find the ends of topic " + name,
                        () -> admin.listOffsets(described.partitions().stream()
                                        .collect(Collectors.toMap(
                                                partition -> new TopicPartition(name, partition.partition()),
                                                partition -> which)))
                                .all()))
                .handle((found, failure) -> {
                    Map<TopicPartition, Long> offsets = new HashMap<>();
                    if (failure == null) {
                        found.forEach((at, info) -> offsets.put(at, info.offset()));
                    } else if (!isCausedBy(failure, UnknownTopicOrPartitionException.class)) {
                        throw new CompletionException(failure);
                    }
                    return offsets;
                });
    }

    @Override
    public CompletionStage<Long> depth(String group, String topic) {
        return offsets(topic, OffsetSpec.latest()).thenCombine(places(names.prefix() + group), (ends, places) -> {
            long depth = 0;
            for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
                OffsetAndMetadata place = places.get(end.getKey());
                depth += place == null ? 0 : Math.max(0, end.getValue() - place.offset());
            }
            return depth;
        });
    }

    @Override
    public CompletionStage<Void> read(String topic, Visitor visitor) {
        try {
            return offsets(topic, OffsetSpec.earliest())
                    .thenCombine(offsets(topic, OffsetSpec.latest()), (from, to) -> new Span(topic, from, to))
                    .thenAcceptAsync(span -> read(span, visitor), reading);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedStage(unavailable("read topic " + topic, e));
        }
    }

    /** What is to be read: from an offset inclusive to one exclusive, of each partition. */
    private record Span(String topic, Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {}

    private void read(Span span, Visitor visitor) {
        Map<TopicPartition, Long> left = new HashMap<>(span.to());
        left.entrySet().removeIf(end -> end.getValue() <= span.from().getOrDefault(end.getKey(), 0L));
        if (left.isEmpty()) {
            return;
        }
        try (Closing consumer = new Closing(new KafkaConsumer<>(settings.reader("letters")))) {
            consumer.of.assign(left.keySet());
            left.keySet().forEach(at -> consumer.of.seek(at, span.from().getOrDefault(at, 0L)));
            long deadlineNs = System.nanoTime() + settings.callTimeout().toNanos();
            while (!left.isEmpty()) {
                for (ConsumerRecord<byte[], byte @Nullable []> record : consumer.of.poll(POLL)) {
                    Long end = span.to().get(new TopicPartition(record.topic(), record.partition()));
                    boolean within = end != null && record.offset() < end;
                    if (within && !visitor.visit(received(span.topic(), record))) {
                        return;
                    }
                    deadlineNs = System.nanoTime() + settings.callTimeout().toNanos();
                }
                // By position: what lies last may be no record but a transaction's marker, or compacted away.
                left.entrySet().removeIf(end -> consumer.of.position(end.getKey()) >= end.getValue());
                if (System.nanoTime() > deadlineNs) {
                    throw new KafkaException("nothing comes");
                }
            }
        } catch (KafkaException e) {
            throw unavailable("read topic " + span.topic(), e);
        }
    }

    private static Received received(String topic, ConsumerRecord<byte[], byte @Nullable []> record) {
        byte[] value = record.value();
        return new Received(
                new io.millrace.engine.port.TopicPartition(topic, record.partition()),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                record.key() == null ? null : RecordKey.ofBytes(record.key()),
                value == null ? null : Json.ofTrusted(value),
                name -> RecordCodec.text(record.headers(), name));
    }

    private static <T> CompletionStage<T> ask(String what, Supplier<KafkaFuture<T>> asking) {
        try {
            return asking.get().toCompletionStage().handle((answer, failure) -> {
                if (failure != null) {
                    throw unavailable(what, bare(failure));
                }
                return answer;
            });
        } catch (KafkaException | IllegalStateException e) {
            return CompletableFuture.failedStage(unavailable(what, e));
        }
    }

    private static LogUnavailableException unavailable(String what, Throwable cause) {
        return new LogUnavailableException(what + ": " + Cluster.reason(cause), cause);
    }

    private static Throwable bare(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        reading.shutdownNow();
    }

    /** A consumer that is closed at once: it belongs to no group. */
    private record Closing(KafkaConsumer<byte[], byte @Nullable []> of) implements AutoCloseable {
        @Override
        public void close() {
            of.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
