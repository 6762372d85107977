package io.millrace.engine.cron;

import io.millrace.core.address.Scope;
import io.millrace.core.address.StateAddress;
import io.millrace.core.change.Current;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.read.Reads;
import io.millrace.engine.write.Mutations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Claims that are values of state: one for each job, {@code {"due":…,"node":…,"start":…,"busy":…}} with times in
 * milliseconds, written only over the very one that was read. So who claims a time first is as certain as any write.
 */
public final class StateClaims implements Claims {
    private static final int MOST_TRIES = 5;

    private final Means means;

    /**
     * What they live on.
     *
     * @param node this one's id
     * @param startMs when this life of it began
     * @param ids of writes, each once
     * @param patience how long a write may take: a partition that moves to another node is back within that
     */
    public record Means(
            Mutations mutations,
            Reads reads,
            Peers peers,
            String node,
            long startMs,
            Supplier<MutationId> ids,
            InstantSource clock,
            Duration patience) {}

    /** Claims of this node. */
    public StateClaims(Means means) {
        this.means = means;
    }

    @Override
    public CompletionStage<Boolean> claim(String job, Instant due, Instant busyUntil) {
        return claim(job, due, busyUntil, means.clock().instant().plus(means.patience()), MOST_TRIES);
    }

    private CompletionStage<Boolean> claim(
            String job, Instant due, Instant busyUntil, Instant deadline, int triesLeft) {
        return means.reads().get(address(job), deadline).thenCompose(current -> {
            if (isTaken(current, due)) {
                return CompletableFuture.completedStage(false);
            }
            Json claim = text(due, busyUntil.toEpochMilli());
            return write(job, claim, current.version(), deadline).thenCompose(reply -> switch (reply) {
                case Reply.Done ignored -> CompletableFuture.completedStage(true);
                // Somebody else's, perhaps of an earlier time: that has to be read.
                case Reply.VersionConflict ignored ->
                    triesLeft > 1
                            ? claim(job, due, busyUntil, deadline, triesLeft - 1)
                            : CompletableFuture.completedStage(false);
                case Reply.ValueTooLarge(int size, int limit) ->
                    CompletableFuture.failedStage(
                            new IllegalStateException("claim: " + size + " bytes (expected: at most " + limit + ")"));
            });
        });
    }

    private boolean isTaken(Current current, Instant due) {
        return switch (current) {
            case Current.Missing ignored -> false;
            case Current.Present(Json value, Version ignored) -> {
                JsonNode last = value.tree();
                boolean ran = last.path("due").asLong(0) >= due.toEpochMilli();
                boolean runs = last.path("busy").asLong(0) > means.clock().millis();
                yield ran
                        || (runs
                                && lives(
                                        last.path("node").asString(""),
                                        last.path("start").asLong(0)));
            }
        };
    }

    private boolean lives(String node, long startMs) {
        if (node.equals(means.node())) {
            return startMs == means.startMs();
        }
        Peer peer = means.peers().peer(node);
        return peer != null && peer.startMs() == startMs;
    }

    private CompletionStage<Reply> write(String job, Json claim, Version over, Instant deadline) {
        return means.mutations()
                .submit(
                        new Mutation(
                                address(job),
                                new Mutation.Set(claim),
                                means.ids().get(),
                                over,
                                null),
                        deadline);
    }

    private Json text(Instant due, long busyMs) {
        return new JsonText()
                .raw("{\"due\":")
                .number(due.toEpochMilli())
                .raw(",\"node\":")
                .quoted(means.node())
                .raw(",\"start\":")
                .number(means.startMs())
                .raw(",\"busy\":")
                .number(busyMs)
                .raw("}")
                .toJson();
    }

    @Override
    public CompletionStage<@Nullable Void> done(String job, Instant due) {
        Instant deadline = means.clock().instant().plus(means.patience());
        Json claim = text(due, 0);
        return means.reads()
                .get(address(job), deadline)
                .thenCompose(current -> isMine(current, due)
                        ? write(job, claim, current.version(), deadline)
                        : CompletableFuture.completedStage(null))
                .handle((written, failure) -> null);
    }

    private boolean isMine(Current current, Instant due) {
        return current instanceof Current.Present(Json value, Version ignored)
                && value.tree().path("due").asLong(0) == due.toEpochMilli()
                && value.tree().path("node").asString("").equals(means.node());
    }

    private static StateAddress address(String job) {
        return new StateAddress(Scope.CRON.scope(), job);
    }
}
