package io.millrace.harness;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Real Kafka brokers, each with a controller, each a process of its own: three copies, two of which must be in sync. */
public final class BrokerCluster implements AutoCloseable {
    /** The most copies of a partition; fewer with fewer brokers. */
    public static final int COPIES = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final String PROBE = "harness.ready";

    private final List<BrokerProcess> brokers;

    private BrokerCluster(List<BrokerProcess> brokers) {
        this.brokers = List.copyOf(brokers);
    }

    /**
     * Starts brokers, and returns when a record with all its copies was acknowledged.
     *
     * @param settings of each broker, beside those of {@link BrokerProcess}, or in their place
     */
    public static BrokerCluster start(int count, Network network, Path folder, Map<String, String> settings) {
        String clusterId = Uuid.randomUuid().toString();
        List<BrokerPlace> places = IntStream.rangeClosed(1, count)
                .mapToObj(id -> new BrokerPlace(
                        id,
                        network.host("broker" + id),
                        FreePorts.one(),
                        FreePorts.one(),
                        folder.resolve("broker-" + id)))
                .toList();
        List<BrokerProcess> started = new ArrayList<>();
        places.forEach(place -> started.add(BrokerProcess.start(place, places, clusterId, settings)));
        BrokerCluster cluster = new BrokerCluster(started);
        try {
            cluster.awaitServing();
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** What clients begin with: all of them. */
    public String bootstrap() {
        return brokers.stream().map(BrokerProcess::address).collect(Collectors.joining(","));
    }

    /** How many there are, dead or alive. */
    public int size() {
        return brokers.size();
    }

    /** One of them, from 0. */
    public BrokerProcess broker(int index) {
        return brokers.get(index);
    }

    /** Waits until a record was acknowledged by all copies that there are to be. */
    public void awaitServing() {
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(POLL).until(this::acknowledges);
    }

    private boolean acknowledges() {
        brokers.forEach(BrokerProcess::requireAlive);
        int copies = Math.min(COPIES, brokers.size());
        try (Admin admin = Admin.create(settings())) {
            if (!admin.listTopics().names().get().contains(PROBE)) {
                NewTopic topic = new NewTopic(PROBE, Optional.of(1), Optional.of((short) copies))
                        .configs(Map.of("min.insync.replicas", Integer.toString(copies)));
                admin.createTopics(List.of(topic)).all().get();
            }
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(PROBE, new byte[] {1})).get(5, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Map<String, Object> settings() {
        return Map.of(
                "bootstrap.servers",
                bootstrap(),
                "acks",
                "all",
                "delivery.timeout.ms",
                4_000,
                "request.timeout.ms",
                3_000,
                "linger.ms",
                0,
                "default.api.timeout.ms",
                5_000);
    }

    /**
     * Waits until every partition has all its copies in sync, and they acknowledge: only then may the next broker be lost. One
     * that was killed a moment ago still counts as in sync.
     */
    public void awaitInSync() {
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(POLL).until(() -> inSync() && acknowledges());
    }

    private boolean inSync() {
        try (Admin admin = Admin.create(settings())) {
            Map<String, TopicDescription> topics = admin.describeTopics(
                            admin.listTopics().names().get())
                    .allTopicNames()
                    .get();
            return topics.values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition ->
                            partition.isr().size() == partition.replicas().size());
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        brokers.forEach(BrokerProcess::close);
    }
}
