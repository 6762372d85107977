package io.millrace.kafka;

import io.millrace.engine.port.Evictions;
import io.millrace.engine.port.LogUnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupResult;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes static members out of their groups. A node is a member under its own id; in the group of the local copies Kafka
 * Streams adds the number of the thread.
 */
final class KafkaEvictions implements Evictions {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaEvictions.class);

    private final Admin admin;
    private final Names names;

    KafkaEvictions(Admin admin, Names names) {
        this.admin = admin;
        this.names = names;
    }

    @Override
    public CompletionStage<Integer> evict(String node) {
        String copies = names.application();
        // The copies' group first and alone: whoever waits for the node's partitions waits for nothing else.
        CompletionStage<Integer> owned = evictFromCopies(node);
        CompletionStage<Integer> others = groups().thenCompose(all -> describe(
                        all.stream().filter(name -> !name.equals(copies)).toList()))
                .thenCompose(found -> evict(found.values(), node::equals));
        return owned.thenCombine(others, Integer::sum).whenComplete((count, failure) -> {
            if (failure == null) {
                LOG.atInfo()
                        .addKeyValue("node", node)
                        .addKeyValue("memberships", count)
                        .log("node evicted");
            }
        });
    }

    /** Takes a node out of the group of the local copies only. */
    CompletionStage<Integer> evictFromCopies(String node) {
        Pattern threads = Pattern.compile(Pattern.quote(node) + "-\\d+");
        return describe(List.of(names.application()))
                .thenCompose(
                        found -> evict(found.values(), id -> threads.matcher(id).matches()));
    }

    /** Which static members go. */
    @FunctionalInterface
    private interface Condemned {
        boolean is(String instanceId);
    }

    private CompletionStage<List<String>> groups() {
        return ask(
                        "list groups",
                        () -> admin.listGroups(ListGroupsOptions.forConsumerGroups())
                                .all())
                .thenApply(all -> all.stream()
                        .map(GroupListing::groupId)
                        .filter(name -> name.startsWith(names.prefix()))
                        .toList());
    }

    private CompletionStage<Map<String, ConsumerGroupDescription>> describe(Collection<String> groups) {
        if (groups.isEmpty()) {
            return CompletableFuture.completedStage(Map.of());
        }
        List<CompletableFuture<@Nullable ConsumerGroupDescription>> each = new ArrayList<>();
        try {
            admin.describeConsumerGroups(groups)
                    .describedGroups()
                    .values()
                    .forEach(found -> each.add(found.toCompletionStage()
                            .handle(KafkaEvictions::unlessGone)
                            .toCompletableFuture()));
        } catch (KafkaException | IllegalStateException e) {
            return CompletableFuture.failedStage(unavailable("describe groups", e));
        }
        return CompletableFuture.allOf(each.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> {
                    Map<String, ConsumerGroupDescription> there = new java.util.HashMap<>();
                    each.forEach(one -> {
                        ConsumerGroupDescription found = one.join();
                        if (found != null) {
                            there.put(found.groupId(), found);
                        }
                    });
                    return there;
                });
    }

    /** A group may be deleted by somebody between being listed and being looked at. */
    private static @Nullable ConsumerGroupDescription unlessGone(
            @Nullable ConsumerGroupDescription found, @Nullable Throwable failure) {
        if (failure != null && !(bare(failure) instanceof GroupIdNotFoundException)) {
            throw unavailable("describe groups", bare(failure));
        }
        return found;
    }

    private CompletionStage<Integer> evict(Collection<ConsumerGroupDescription> groups, Condemned condemned) {
        CompletionStage<Integer> all = CompletableFuture.completedStage(0);
        for (ConsumerGroupDescription group : groups) {
            List<MemberToRemove> members = group.members().stream()
                    .flatMap(member -> member.groupInstanceId().stream())
                    .filter(condemned::is)
                    .map(MemberToRemove::new)
                    .toList();
            if (!members.isEmpty()) {
                // Begun here, not when the group before is done.
                CompletionStage<Integer> removed = remove(group.groupId(), members);
                all = all.thenCombine(removed, Integer::sum);
            }
        }
        return all;
    }

    private CompletionStage<Integer> remove(String group, List<MemberToRemove> members) {
        RemoveMembersFromConsumerGroupOptions options = new RemoveMembersFromConsumerGroupOptions(members);
        options.reason("its node is dead");
        RemoveMembersFromConsumerGroupResult result;
        try {
            result = admin.removeMembersFromConsumerGroup(group, options);
        } catch (KafkaException | IllegalStateException e) {
            return CompletableFuture.failedStage(unavailable("evict from group " + group, e));
        }
        CompletionStage<Integer> all = CompletableFuture.completedStage(0);
        for (MemberToRemove member : members) {
            all = all.thenCombine(
                    result.memberResult(member).toCompletionStage().handle((done, failure) -> {
                        if (failure == null) {
                            return 1;
                        }
                        Throwable cause = bare(failure);
                        // Its session has ended meanwhile, or it has left.
                        if (cause instanceof UnknownMemberIdException || cause instanceof GroupIdNotFoundException) {
                            return 0;
                        }
                        throw unavailable("evict from group " + group, cause);
                    }),
                    Integer::sum);
        }
        return all;
    }

    /** Asks the cluster something. */
    @FunctionalInterface
    private interface Asking<T> {
        KafkaFuture<T> ask();
    }

    private static <T> CompletionStage<T> ask(String what, Asking<T> asking) {
        try {
            return asking.ask().toCompletionStage().exceptionally(failure -> {
                throw unavailable(what, bare(failure));
            });
        } catch (KafkaException | IllegalStateException e) {
            return CompletableFuture.failedStage(unavailable(what, e));
        }
    }

    private static Throwable bare(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static LogUnavailableException unavailable(String what, Throwable cause) {
        return new LogUnavailableException(what + ": " + Cluster.reason(cause), cause);
    }
}
