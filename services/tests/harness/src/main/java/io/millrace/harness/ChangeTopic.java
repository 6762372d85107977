package io.millrace.harness;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import tools.jackson.databind.JsonNode;

/** A change topic as any program of the user's reads it. */
public final class ChangeTopic {
    private final Map<String, JsonNode> frames = new TreeMap<>();
    private final Set<String> mutationIds = new HashSet<>();
    private int repeatedMutationIds;

    private ChangeTopic() {}

    /** Reads a topic from its beginning to its present end. */
    public static ChangeTopic read(String bootstrap, String topic) {
        ChangeTopic read = new ChangeTopic();
        records(bootstrap, topic, read::fold);
        return read;
    }

    /** Gives each record of a topic, from its beginning to its present end. */
    public static void records(String bootstrap, String topic, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrap,
                "isolation.level",
                "read_committed",
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(reader);
            }
        }
    }

    private void fold(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            frames.remove(key);
            return;
        }
        frames.put(key, NodeProcess.JSON.readTree(record.value()));
        Header mutationId = record.headers().lastHeader("millrace-mutation-id");
        if (!mutationIds.add(new String(mutationId.value(), StandardCharsets.UTF_8))) {
            repeatedMutationIds++;
        }
    }

    /** The latest frame of each key that was not deleted, by key text. */
    public Map<String, JsonNode> frames() {
        return frames;
    }

    /** How many mutation ids it has. */
    public int mutations() {
        return mutationIds.size();
    }

    /** How many records have a mutation id that an earlier one has. */
    public int repeatedMutationIds() {
        return repeatedMutationIds;
    }
}
