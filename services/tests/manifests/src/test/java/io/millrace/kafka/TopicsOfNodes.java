package io.millrace.kafka;

import io.millrace.core.address.Space;
import io.millrace.engine.port.DeadLetters;
import java.util.Map;
import java.util.TreeMap;

/** The topics that a node creates when it starts and finds none. Here because only this package sees them. */
public final class TopicsOfNodes {
    private TopicsOfNodes() {}

    /**
     * One of them.
     *
     * @param settings by Kafka's names
     */
    public record Topic(int partitions, int replicas, Map<String, String> settings) {}

    /** By name. */
    public static Map<String, Topic> topics(TopicsConfig config) {
        Names names = new Names(config.prefix());
        int partitions = config.partitionsOfNewTopics();
        Map<String, Topic> topics = new TreeMap<>();
        for (Space space : Space.values()) {
            topics.put(names.changes(space), topic(partitions, config, TopicSettings.ofChanges(config)));
        }
        topics.put(names.events(), topic(partitions, config, TopicSettings.ofEvents(config)));
        topics.put(names.of(DeadLetters.TOPIC), topic(1, config, TopicSettings.ofDeadLetters(config)));
        return topics;
    }

    private static Topic topic(int partitions, TopicsConfig config, Map<String, String> settings) {
        return new Topic(partitions, config.replicas(), new TreeMap<>(settings));
    }

    /** The group of the local copies. */
    public static String application(TopicsConfig config) {
        return new Names(config.prefix()).application();
    }

    /** What the transactional ids of the owners begin with. */
    public static String owners(TopicsConfig config) {
        String one = new Names(config.prefix()).owner(Space.STATE, 0);
        return one.substring(0, one.indexOf("state"));
    }
}
