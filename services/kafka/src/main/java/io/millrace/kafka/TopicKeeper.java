package io.millrace.kafka;

import io.millrace.core.address.Space;
import io.millrace.engine.port.DeadLetters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topics that are absent and refuses those that do not fit. Never changes one that exists. */
final class TopicKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(TopicKeeper.class);

    private final Cluster cluster;
    private final TopicsConfig config;
    private final Names names;

    TopicKeeper(Cluster cluster, TopicsConfig config) {
        this.cluster = cluster;
        this.config = config;
        this.names = new Names(config.prefix());
    }

    /**
     * Has the topics.
     *
     * @throws RefusedStartException if one does not fit or cannot be created
     */
    Topics ensure() {
        List<String> all = List.of(
                names.changes(Space.STATE), names.changes(Space.STREAM), names.events(), names.of(DeadLetters.TOPIC));
        Map<String, TopicDescription> found = describe(all);
        List<NewTopic> missing = missing(found);
        if (!missing.isEmpty()) {
            create(missing);
            found = awaitLeaders(all);
        }
        Map<Space, Integer> partitions = new EnumMap<>(Space.class);
        Map<String, Uuid> ids = new HashMap<>();
        for (Space space : Space.values()) {
            TopicDescription topic = described(found, names.changes(space));
            partitions.put(space, verifiedPartitions(topic));
            ids.put(topic.name(), topic.topicId());
        }
        TopicDescription events = described(found, names.events());
        verifyEvents(events, partitions);
        verifySettings(all);
        return new Topics(names, partitions, ids, events.topicId());
    }

    private static TopicDescription described(Map<String, TopicDescription> found, String name) {
        TopicDescription topic = found.get(name);
        if (topic == null) {
            throw new RefusedStartException("topic " + name + " is neither there nor can be created: see Kafka's log");
        }
        return topic;
    }

    private List<NewTopic> missing(Map<String, TopicDescription> found) {
        List<NewTopic> missing = new ArrayList<>();
        for (Space space : Space.values()) {
            if (!found.containsKey(names.changes(space))) {
                missing.add(topic(names.changes(space), newPartitions(space, found), TopicSettings.ofChanges(config)));
            }
        }
        if (!found.containsKey(names.events())) {
            TopicDescription changes = found.get(names.changes(Space.STREAM));
            int partitions = changes == null
                    ? newPartitions(Space.STREAM, found)
                    : changes.partitions().size();
            missing.add(topic(names.events(), partitions, TopicSettings.ofEvents(config)));
        }
        if (!found.containsKey(names.of(DeadLetters.TOPIC))) {
            missing.add(topic(names.of(DeadLetters.TOPIC), 1, TopicSettings.ofDeadLetters(config)));
        }
        return missing;
    }

    private NewTopic topic(String name, int partitions, Map<String, String> settings) {
        return new NewTopic(name, partitions, (short) config.replicas()).configs(settings);
    }

    /** The events' topic must have as many partitions as the stream changes', so one that is there decides. */
    private int newPartitions(Space space, Map<String, TopicDescription> found) {
        TopicDescription events = found.get(names.events());
        return space == Space.STREAM && events != null && config.partitions().isEmpty()
                ? events.partitions().size()
                : config.partitionsOfNewTopics();
    }

    private void create(List<NewTopic> missing) {
        if (cluster.brokers() < config.replicas()) {
            throw new RefusedStartException("topic " + missing.getFirst().name() + " needs " + config.replicas()
                    + " replicas, but the cluster has " + cluster.brokers()
                    + " broker(s): add brokers or configure fewer replicas");
        }
        CreateTopicsResult result = cluster.admin().createTopics(missing);
        result.values().forEach((name, created) -> {
            if (!lostRace(name, created)) {
                LOG.atInfo().addKeyValue("topic", name).log("topic created");
            }
        });
    }

    /** Whether another node created it at the same moment, which is fine: it is verified like any other. */
    private boolean lostRace(String name, KafkaFuture<Void> created) {
        try {
            cluster.await("create topic " + name, created);
            return false;
        } catch (RefusedStartException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return true;
            }
            throw e;
        }
    }

    /** A new topic is known to the controller before the brokers lead its partitions. */
    private Map<String, TopicDescription> awaitLeaders(List<String> all) {
        long deadlineNs = System.nanoTime() + cluster.callTimeout().toNanos();
        while (true) {
            Map<String, TopicDescription> found = describe(all);
            boolean led = found.size() == all.size()
                    && found.values().stream()
                            .flatMap(topic -> topic.partitions().stream())
                            .allMatch(partition -> partition.leader() != null
                                    && !partition.leader().isEmpty());
            if (led) {
                return found;
            }
            if (System.nanoTime() > deadlineNs) {
                throw new RefusedStartException("topics " + all + " have partitions without a leader after "
                        + cluster.callTimeout().toMillis() + " ms: look after the brokers and start again");
            }
            pause(Duration.ofMillis(20));
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedStartException("interrupted while waiting for Kafka: start again", e);
        }
    }

    private Map<String, TopicDescription> describe(List<String> all) {
        Map<String, TopicDescription> found = new HashMap<>();
        cluster.admin().describeTopics(all).topicNameValues().forEach((name, answer) -> {
            TopicDescription topic = existing(name, answer);
            if (topic != null) {
                found.put(name, topic);
            }
        });
        return found;
    }

    private @Nullable TopicDescription existing(String name, KafkaFuture<TopicDescription> answer) {
        try {
            return cluster.await("describe topic " + name, answer);
        } catch (RefusedStartException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw e;
        }
    }

    private int verifiedPartitions(TopicDescription topic) {
        int actual = topic.partitions().size();
        OptionalInt wanted = config.partitions();
        if (wanted.isPresent() && wanted.getAsInt() != actual) {
            throw new RefusedStartException("topic " + topic.name() + " has " + actual + " partitions, but "
                    + wanted.getAsInt() + " are configured: configure " + actual
                    + " or none, for where values live depends on it for ever");
        }
        return actual;
    }

    private void verifyEvents(TopicDescription events, Map<Space, Integer> partitions) {
        Integer changes = partitions.get(Space.STREAM);
        if (changes == null || events.partitions().size() != changes) {
            throw new RefusedStartException("topic " + events.name() + " has "
                    + events.partitions().size() + " partitions, but " + names.changes(Space.STREAM) + " has " + changes
                    + ": delete " + events.name() + ", it holds only passing events and will be created again");
        }
    }

    private Map<String, String> wanted(String topic) {
        if (topic.equals(names.events())) {
            return TopicSettings.ofEvents(config);
        }
        return topic.equals(names.of(DeadLetters.TOPIC))
                ? TopicSettings.ofDeadLetters(config)
                : TopicSettings.ofChanges(config);
    }

    private void verifySettings(List<String> all) {
        List<ConfigResource> resources = all.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<ConfigResource, Config> found = cluster.await(
                "read the settings of the topics",
                cluster.admin().describeConfigs(resources).all());
        found.forEach((resource, settings) -> {
            TopicSettings.verify(resource.name(), wanted(resource.name()), settings);
        });
        LOG.atDebug().addKeyValue("topics", all).log("topics verified");
    }
}
