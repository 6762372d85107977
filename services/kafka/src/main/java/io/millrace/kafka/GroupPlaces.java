package io.millrace.kafka;

import io.millrace.engine.port.LogUnavailableException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where groups have got to, as it stands in the cluster. The place of each group says when the group was last in use. */
final class GroupPlaces {
    private static final Logger LOG = LoggerFactory.getLogger(GroupPlaces.class);

    private static final String USED = "used=";
    private static final int TRIES = 3;

    private final Admin admin;
    private final InstantSource clock;

    GroupPlaces(Admin admin, InstantSource clock) {
        this.admin = admin;
        this.clock = clock;
    }

    /** A place that says that it is in use now. */
    OffsetAndMetadata place(long nextOffset) {
        return new OffsetAndMetadata(nextOffset, Optional.empty(), USED + clock.millis());
    }

    /** Gives the group a place in every partition in which it has none: the end. */
    CompletionStage<Void> prepare(String group, Collection<String> topics) {
        return prepare(group, topics, TRIES).handle((done, failure) -> {
            if (failure != null) {
                throw new LogUnavailableException("group " + group + ": not prepared", bare(failure));
            }
            return null;
        });
    }

    private CompletionStage<Void> prepare(String group, Collection<String> topics, int triesLeft) {
        return admin.describeTopics(topics)
                .allTopicNames()
                .toCompletionStage()
                .thenCompose(found -> prepared(group, partitions(found)))
                .exceptionallyCompose(failure ->
                        // Perhaps somebody has prepared it at the same time, and has joined already.
                        triesLeft > 1 ? prepare(group, topics, triesLeft - 1) : CompletableFuture.failedStage(failure));
    }

    /**
     * The ends are read before the places. So if two prepare it at the same time, and the second overwrites what the first
     * has written, then by ends of a moment when the first was not done.
     */
    private CompletionStage<Void> prepared(String group, List<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
        return admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .toCompletionStage()
                .thenCompose(ends -> places(group).thenCompose(places -> begin(group, missing(ends, places))));
    }

    private CompletionStage<Void> begin(String group, Map<TopicPartition, OffsetAndMetadata> missing) {
        if (missing.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        return admin.alterConsumerGroupOffsets(group, missing).all().toCompletionStage();
    }

    private Map<TopicPartition, OffsetAndMetadata> missing(
            Map<TopicPartition, ListOffsetsResultInfo> ends, Map<TopicPartition, OffsetAndMetadata> places) {
        Map<TopicPartition, OffsetAndMetadata> missing = new HashMap<>();
        ends.forEach((partition, end) -> {
            if (places.get(partition) == null) {
                missing.put(partition, place(end.offset()));
            }
        });
        return missing;
    }

    private CompletionStage<Map<TopicPartition, OffsetAndMetadata>> places(String group) {
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .toCompletionStage()
                .exceptionallyCompose(failure -> bare(failure) instanceof GroupIdNotFoundException
                        ? CompletableFuture.completedStage(Map.of())
                        : CompletableFuture.failedStage(failure));
    }

    private static List<TopicPartition> partitions(Map<String, TopicDescription> found) {
        List<TopicPartition> all = new ArrayList<>();
        found.forEach((name, topic) ->
                topic.partitions().forEach(each -> all.add(new TopicPartition(name, each.partition()))));
        return all;
    }

    /** Forgets the group; there need not be one. */
    CompletionStage<Void> delete(String group) {
        return admin.deleteConsumerGroups(List.of(group))
                .all()
                .toCompletionStage()
                .handle((done, failure) -> {
                    if (failure != null && !(bare(failure) instanceof GroupIdNotFoundException)) {
                        throw new LogUnavailableException("group " + group + ": not deleted", bare(failure));
                    }
                    return null;
                });
    }

    /** Deletes the groups without members whose names begin so and that were last in use before that. */
    void sweep(String prefix, Duration unused) {
        Instant limit = clock.instant().minus(unused);
        var _ = admin.listGroups(ListGroupsOptions.forConsumerGroups().inGroupStates(Set.of(GroupState.EMPTY)))
                .all()
                .toCompletionStage()
                .thenAccept(groups -> groups.stream()
                        .map(group -> group.groupId())
                        .filter(group -> group.startsWith(prefix))
                        .forEach(group -> sweep(group, limit)));
    }

    private void sweep(String group, Instant limit) {
        var _ = places(group).thenCompose(places -> {
            Instant last = lastUse(places.values());
            if (last == null || !last.isBefore(limit)) {
                return CompletableFuture.completedStage(null);
            }
            LOG.atInfo()
                    .addKeyValue("group", group)
                    .addKeyValue("lastUse", last)
                    .log("unused group deleted");
            return delete(group);
        });
    }

    /** Null if no place says: then it is not for us to delete. */
    private static @Nullable Instant lastUse(Collection<OffsetAndMetadata> places) {
        Instant last = null;
        for (OffsetAndMetadata place : places) {
            Instant used = place == null ? null : usedAt(place.metadata());
            if (used != null && (last == null || used.isAfter(last))) {
                last = used;
            }
        }
        return last;
    }

    private static @Nullable Instant usedAt(String metadata) {
        try {
            return metadata.startsWith(USED)
                    ? Instant.ofEpochMilli(Long.parseLong(metadata.substring(USED.length())))
                    : null;
        } catch (NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    private static Throwable bare(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
