package io.millrace.loadtest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;

/** The topics of one target, under a prefix of their own, and gone when closed. */
final class LoadTopics implements AutoCloseable {
    private final Admin admin;
    private final String prefix = "millrace-load-" + UUID.randomUUID() + ".";

    LoadTopics(String bootstrapServers) {
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    String prefix() {
        return prefix;
    }

    /** Creates a compacted topic. Returns its name. */
    String create(String name, int partitions) {
        NewTopic created = new NewTopic(prefix + name, Optional.of(partitions), Optional.empty())
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        get(admin.createTopics(List.of(created)).all());
        return created.name();
    }

    @Override
    public void close() {
        try (admin) {
            Set<String> ours = get(admin.listTopics().names()).stream()
                    .filter(name -> name.startsWith(prefix))
                    .collect(Collectors.toUnmodifiableSet());
            get(admin.deleteTopics(ours).all());
        }
    }

    private <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("topics " + prefix + "*: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at topics " + prefix + "*", e);
        }
    }
}
