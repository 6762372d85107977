package io.millrace.engine.route;

import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.port.MicroClock;
import io.millrace.engine.read.Copies;
import io.millrace.engine.read.Sighting;
import io.millrace.engine.write.Owners;
import io.millrace.engine.write.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** This node's copies and those of the others: a current one here at once, else the one that is furthest on. */
final class FreshestCopies implements Copies {
    private static final int PART_OF_DEADLINE = 10;

    private final OwnCopies here;
    private final Peers peers;
    private final Asking asking;
    private final Attempts attempts;
    private final MicroClock clock;
    private final RoutingConfig config;

    FreshestCopies(
            OwnCopies here, Peers peers, Asking asking, Attempts attempts, MicroClock clock, RoutingConfig config) {
        this.here = here;
        this.peers = peers;
        this.asking = asking;
        this.attempts = attempts;
        this.clock = clock;
        this.config = config;
    }

    /** A copy somewhere. */
    private record Copy(@Nullable Peer at, long offset) {}

    @Override
    public Instant patience(Instant deadline) {
        return within(deadline, config.ownerPatience());
    }

    private Instant within(Instant deadline, Duration most) {
        Instant now = Instant.EPOCH.plus(clock.micros(), ChronoUnit.MICROS);
        Duration part = Duration.between(now, deadline).dividedBy(PART_OF_DEADLINE);
        return now.plus(part.compareTo(most) < 0 ? part : most);
    }

    @Override
    public CompletionStage<Sighting> freshest(
            Space space, int partition, RecordKey from, @Nullable RecordKey to, Instant deadline) {
        Range range = new Range(space, partition, from, to);
        OwnCopies.Standing standing = here.standing(space, partition);
        List<Copy> found = new ArrayList<>();
        if (standing != null) {
            Long ageMs = standing.ageMs();
            found.add(new Copy(null, standing.offset()));
            if (ageMs != null && ageMs <= config.currentEnough().toMillis()) {
                return firstOf(found, range, deadline);
            }
        }
        return others(range, within(deadline, config.copyPatience()), found).thenCompose(all -> {
            // Stable: of equals the one here, which comes first.
            all.sort(Comparator.comparingLong(Copy::offset).reversed());
            return firstOf(all, range, deadline);
        });
    }

    private CompletionStage<List<Copy>> others(Range range, Instant deadline, List<Copy> found) {
        CompletionStage<List<Copy>> all = CompletableFuture.completedStage(found);
        for (Peer peer : peers.all()) {
            CompletionStage<@Nullable Copy> copy = attempts.ask(Kind.COPY, peer, range.bytes(), deadline)
                    .handle((answer, failure) ->
                            failure == null ? new Copy(peer, Chunk.read(answer).offset()) : null);
            all = all.thenCombine(copy, (list, one) -> {
                if (one != null) {
                    list.add(one);
                }
                return list;
            });
        }
        return all;
    }

    private CompletionStage<Sighting> firstOf(List<Copy> copies, Range range, Instant deadline) {
        if (copies.isEmpty()) {
            return CompletableFuture.failedStage(new UnavailableException(
                    Owners.name(range.space(), range.partition()) + " has neither an owner nor a copy"));
        }
        return cut(copies.getFirst(), range, deadline)
                .exceptionallyCompose(failure -> firstOf(copies.subList(1, copies.size()), range, deadline));
    }

    private CompletionStage<Sighting> cut(Copy copy, Range range, Instant deadline) {
        Peer at = copy.at();
        if (at == null) {
            Sighting sighting = here.cut(range);
            return sighting == null
                    ? CompletableFuture.failedStage(new UnavailableException("the copy here is gone"))
                    : CompletableFuture.completedStage(sighting);
        }
        return attempts.ask(Kind.COPY_CUT, at, range.bytes(), deadline).thenApply(answer -> {
            Chunk first = Chunk.read(answer);
            return new Sighting(asking.cut(at, range.space(), range.partition(), first, deadline), true, first.ageMs());
        });
    }
}
