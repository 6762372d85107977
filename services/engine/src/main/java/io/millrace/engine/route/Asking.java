package io.millrace.engine.route;

import io.millrace.core.address.Address;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Current;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.Position;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.read.Cut;
import io.millrace.engine.read.RemoteReads;
import io.millrace.engine.write.Caller;
import io.millrace.engine.write.Owners;
import io.millrace.engine.write.PartitionWriter;
import io.millrace.engine.write.UnavailableException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** The owners at other nodes, as they are believed to be. */
final class Asking implements RemoteReads {
    private final Owners owners;
    private final Claims claims;
    private final Attempts attempts;
    private final Waiting waiting;
    private final Map<Space, AtomicLongArray> committed = new EnumMap<>(Space.class);

    Asking(Owners owners, Map<Space, Integer> partitions, Claims claims, Attempts attempts, Waiting waiting) {
        this.owners = owners;
        this.claims = claims;
        this.attempts = attempts;
        this.waiting = waiting;
        partitions.forEach((space, count) -> committed.put(space, Offsets.none(count)));
    }

    @Override
    public long servesSince(Space space, int partition) {
        return claims.since(space, partition);
    }

    @Override
    public long committedOffset(Space space, int partition) {
        AtomicLongArray offsets = committed.get(space);
        return offsets == null ? -1 : offsets.get(partition);
    }

    @Override
    public void submit(int partition, Mutation mutation, long deadlineMicros, Caller caller) {
        Space space = mutation.address().space();
        Claim owner = claims.of(space, partition);
        if (owner == null) {
            caller.failed(Owners.missing(space, partition));
            return;
        }
        Instant deadline = Instant.EPOCH.plus(deadlineMicros, ChronoUnit.MICROS);
        attempts.ask(Kind.SUBMIT, space, partition, owner, MutationText.write(mutation), deadline)
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        caller.failed(Refusals.bare(failure));
                    } else {
                        answered(space, partition, ReplyText.read(answer), caller);
                    }
                });
    }

    private void answered(Space space, int partition, ReplyText answer, Caller caller) {
        if (!answer.isLogged() && isOutdated(space, partition, answer.since())) {
            caller.failed(outdated(space, partition));
            return;
        }
        AtomicLongArray offsets = committed.get(space);
        if (offsets != null) {
            offsets.accumulateAndGet(partition, answer.committed(), Math::max);
        }
        caller.answered(answer.reply());
    }

    @Override
    public CompletionStage<Current> get(int partition, Address address, Instant deadline) {
        Space space = address.space();
        byte[] question = CurrentText.question(address);
        return owned(
                space,
                partition,
                owner -> attempts.ask(Kind.GET, space, partition, owner, question, deadline)
                        .thenApply(answer -> {
                            CurrentText read = CurrentText.read(answer);
                            if (isOutdated(space, partition, read.since())) {
                                throw outdated(space, partition);
                            }
                            return read.current();
                        }));
    }

    @Override
    public CompletionStage<Cut> cut(
            Space space, int partition, RecordKey from, @Nullable RecordKey to, Instant deadline) {
        byte[] question = new Range(space, partition, from, to).bytes();
        return owned(
                space,
                partition,
                owner -> attempts.ask(Kind.CUT, space, partition, owner, question, deadline)
                        .thenApply(answer -> {
                            Chunk first = Chunk.read(answer);
                            Cut cut = cut(owner.peer(), space, partition, first, deadline);
                            if (isOutdated(space, partition, first.since())) {
                                cut.close();
                                throw outdated(space, partition);
                            }
                            return cut;
                        }));
    }

    /** A snapshot at another node whose first chunk has come. */
    Cut cut(Peer peer, Space space, int partition, Chunk first, Instant deadline) {
        return new Cut(
                new Position(space, partition, first.offset()),
                first.version(),
                new RemoteEntries(peer, first, attempts, waiting, deadline));
    }

    @Override
    public CompletionStage<List<Unit>> units(Space space, int partition, Instant deadline) {
        byte[] question = Range.all(space, partition).bytes();
        return owned(
                space,
                partition,
                owner -> attempts.ask(Kind.UNITS, space, partition, owner, question, deadline)
                        .thenCompose(answer -> {
                            Chunk first = Chunk.read(answer);
                            return isOutdated(space, partition, first.since())
                                    ? CompletableFuture.failedStage(outdated(space, partition))
                                    : units(owner.peer(), first, deadline, new ArrayList<>());
                        }));
    }

    private CompletionStage<List<Unit>> units(Peer peer, Chunk chunk, Instant deadline, List<Unit> found) {
        found.addAll(chunk.units().toList());
        Long more = chunk.more();
        return more == null
                ? CompletableFuture.completedStage(found)
                : attempts.ask(Kind.NEXT, peer, Chunk.question(more), deadline)
                        .thenCompose(answer -> units(peer, Chunk.read(answer), deadline, found));
    }

    /** What is to be asked of the owner. */
    private interface Question<T> {
        CompletionStage<T> of(Claim owner);
    }

    private <T> CompletionStage<T> owned(Space space, int partition, Question<T> question) {
        Claim owner = claims.of(space, partition);
        return owner == null ? CompletableFuture.failedStage(Owners.missing(space, partition)) : question.of(owner);
    }

    /** Whether who serves since this barrier is known not to be the last: what it says may be old. */
    private boolean isOutdated(Space space, int partition, long since) {
        PartitionWriter here = owners.owner(space, partition);
        return claims.isOutdated(space, partition, since) || (here != null && since < here.servesSince());
    }

    private static UnavailableException outdated(Space space, int partition) {
        return new UnavailableException(Owners.name(space, partition) + " has another owner");
    }
}
