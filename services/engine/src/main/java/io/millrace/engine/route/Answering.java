package io.millrace.engine.route;

import io.millrace.core.address.Address;
import io.millrace.core.address.Space;
import io.millrace.core.change.Current;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import io.millrace.core.value.JsonText;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.read.Cut;
import io.millrace.engine.read.OwnReads;
import io.millrace.engine.read.Sighting;
import io.millrace.engine.write.Caller;
import io.millrace.engine.write.Owners;
import io.millrace.engine.write.PartitionWriter;
import io.millrace.engine.write.UnavailableException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Answers what other nodes ask of the partitions here: straight from their writers, once, whatever comes of it. */
final class Answering {
    private final Owners owners;
    private final OwnCopies copies;
    private final OpenCuts cuts;
    private final Executor executor;

    Answering(Owners owners, OwnCopies copies, OpenCuts cuts, Executor executor) {
        this.owners = owners;
        this.copies = copies;
        this.cuts = cuts;
        this.executor = executor;
    }

    /** Has {@code peers} answer all of it. What cannot be read fails; what cannot be done is an answer. */
    void register(Peers peers) {
        peers.answer(Kind.SUBMIT.kind(), (from, body, deadline) -> {
            Mutation mutation = MutationText.read(body);
            return answer(() -> submit(mutation, deadline));
        });
        peers.answer(Kind.GET.kind(), (from, body, deadline) -> {
            Address address = CurrentText.asked(body);
            return answer(() -> CompletableFuture.completedStage(get(address)));
        });
        peers.answer(Kind.CUT.kind(), (from, body, deadline) -> {
            Range range = Range.read(body);
            return answer(() -> cut(from, range));
        });
        peers.answer(Kind.UNITS.kind(), (from, body, deadline) -> {
            Range range = Range.read(body);
            return answer(() -> units(from, range));
        });
        peers.answer(Kind.NEXT.kind(), (from, body, deadline) -> {
            long id = Chunk.asked(body);
            return answer(() -> CompletableFuture.supplyAsync(() -> cuts.next(from, id), executor));
        });
        peers.answer(Kind.COPY.kind(), (from, body, deadline) -> {
            Range range = Range.read(body);
            return answer(() -> CompletableFuture.completedStage(copy(range)));
        });
        peers.answer(Kind.COPY_CUT.kind(), (from, body, deadline) -> {
            Range range = Range.read(body);
            return answer(() -> CompletableFuture.supplyAsync(() -> copyCut(from, range), executor));
        });
        peers.note(Kind.CLOSE, (from, body) -> cuts.close(from, Chunk.asked(body)));
    }

    private static CompletionStage<byte[]> answer(Supplier<CompletionStage<byte[]>> call) {
        try {
            return call.get().exceptionally(Refusals::bytes);
        } catch (RuntimeException e) {
            return CompletableFuture.completedStage(Refusals.bytes(e));
        }
    }

    private PartitionWriter owner(Space space, int partition) {
        return Owners.require(owners.owner(space, partition), space, partition);
    }

    private CompletionStage<byte[]> submit(Mutation mutation, Instant deadline) {
        Space space = mutation.address().space();
        PartitionWriter owner = owner(space, mutation.address().unit().partition(owners.partitions(space)));
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        owner.submit(mutation, ChronoUnit.MICROS.between(Instant.EPOCH, deadline), new Caller() {
            @Override
            public void answered(Reply reply) {
                answer.complete(new ReplyText(reply, owner.servesSince(), owner.committedOffset()).bytes());
            }

            @Override
            public void failed(Throwable cause) {
                answer.completeExceptionally(cause);
            }
        });
        return answer;
    }

    private byte[] get(Address address) {
        Space space = address.space();
        PartitionWriter owner = owner(space, address.unit().partition(owners.partitions(space)));
        long since = owner.servesSince();
        Current current = owner.get(address);
        return new CurrentText(current, since).bytes();
    }

    private CompletionStage<byte[]> cut(Peer from, Range range) {
        PartitionWriter owner = owner(range.space(), range.partition());
        long since = owner.servesSince();
        return OwnReads.cut(owner, range.from(), range.to()).thenCompose(cut -> {
            JsonText head = Chunk.head(since, cut.position().offset(), cut.version(), null);
            return first(from, head, cut);
        });
    }

    private CompletionStage<byte[]> first(Peer from, JsonText head, Cut cut) {
        try {
            return CompletableFuture.supplyAsync(() -> cuts.first(from, head, Items.of(cut)), executor);
        } catch (RejectedExecutionException e) {
            cut.close();
            throw e;
        }
    }

    private CompletionStage<byte[]> units(Peer from, Range range) {
        PartitionWriter owner = owner(range.space(), range.partition());
        JsonText head = Chunk.head(owner.servesSince(), -1, Version.NONE, null);
        return OwnReads.units(owner, range.space(), executor)
                .thenApply(units -> cuts.first(from, head, Items.of(units)));
    }

    private byte[] copy(Range range) {
        OwnCopies.Standing standing = copies.standing(range.space(), range.partition());
        if (standing == null) {
            throw none(range);
        }
        return Chunk.head(-1, standing.offset(), Version.NONE, standing.ageMs())
                .raw("\"items\":[]}")
                .taken();
    }

    private byte[] copyCut(Peer from, Range range) {
        Sighting sighting = copies.cut(range);
        if (sighting == null) {
            throw none(range);
        }
        Cut cut = sighting.cut();
        JsonText head = Chunk.head(-1, cut.position().offset(), cut.version(), sighting.ageMs());
        return cuts.first(from, head, Items.of(cut));
    }

    private static UnavailableException none(Range range) {
        return new UnavailableException(Owners.name(range.space(), range.partition()) + " has no copy here");
    }
}
