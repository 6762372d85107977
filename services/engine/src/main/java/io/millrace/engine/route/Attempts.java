package io.millrace.engine.route;

import io.millrace.core.address.Space;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.port.MicroClock;
import io.millrace.engine.route.RouteEvents.Outcome;
import io.millrace.engine.write.Owners;
import io.millrace.engine.write.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Questions under way, each asked of who was believed to own the partition. They end when somebody else is. */
final class Attempts {
    private final Claims claims;
    private final MicroClock clock;
    private final RouteEvents events;
    /** By the order in which they were asked. */
    private final Map<Owned.Partition, Map<Long, Attempt>> underWay = new ConcurrentHashMap<>();

    private final AtomicLong asked = new AtomicLong();

    Attempts(Claims claims, MicroClock clock, RouteEvents events) {
        this.claims = claims;
        this.clock = clock;
        this.events = events;
    }

    /**
     * Asks who is believed to own a partition.
     *
     * @return fails with what a caller is to be told
     */
    CompletionStage<byte[]> ask(Kind kind, Space space, int partition, Claim owner, byte[] body, Instant deadline) {
        Attempt attempt = new Attempt(owner);
        Map<Long, Attempt> all = underWay.computeIfAbsent(
                new Owned.Partition(space, partition), ignored -> new ConcurrentSkipListMap<>());
        Long number = asked.incrementAndGet();
        all.put(number, attempt);
        ask(kind, owner.peer(), body, deadline).whenComplete((answer, failure) -> {
            all.remove(number);
            if (failure != null) {
                attempt.completeExceptionally(Refusals.bare(failure));
            } else if (!attempt.complete(answer)) {
                abandon(kind, owner.peer(), answer);
            }
        });
        Claim now = claims.of(space, partition);
        if (now != null && now.since() > owner.since()) {
            overtaken(space, partition, now.peer());
        }
        return attempt;
    }

    /** Asks a node, whatever it owns. */
    CompletionStage<byte[]> ask(Kind kind, Peer peer, byte[] body, Instant deadline) {
        long begunMicros = clock.micros();
        return peer.ask(kind.kind(), body, deadline).handle((answer, failure) -> {
            RuntimeException refusal = failure == null ? Refusals.read(peer.node(), answer) : null;
            Outcome outcome = failure != null
                    ? Outcome.LOST
                    : refusal instanceof UnavailableException ? Outcome.UNAVAILABLE : Outcome.ANSWERED;
            events.asked(kind, outcome, Duration.ofNanos((clock.micros() - begunMicros) * 1_000));
            if (failure != null) {
                throw new CompletionException(Refusals.unavailable(peer.node(), failure));
            }
            if (refusal != null) {
                throw refusal;
            }
            return answer;
        });
    }

    /**
     * Another owns a partition now: who waits for an earlier one would wait in vain, perhaps for long. What was asked of it
     * is asked again, and a mutation that took effect is known by its id.
     *
     * @param by null: this node
     */
    void overtaken(Space space, int partition, @Nullable Peer by) {
        Map<Long, Attempt> all = underWay.get(new Owned.Partition(space, partition));
        if (all != null) {
            UnavailableException cause = new UnavailableException(Owners.name(space, partition) + " has another owner");
            all.values().stream()
                    .filter(attempt -> !attempt.owner.peer().equals(by))
                    .forEach(attempt -> attempt.completeExceptionally(cause));
        }
    }

    /** Nobody wants the answer any more. */
    private static void abandon(Kind kind, Peer peer, byte[] answer) {
        if (kind == Kind.CUT || kind == Kind.UNITS) {
            Long more = Chunk.read(answer).more();
            if (more != null) {
                peer.tell(Kind.CLOSE, Chunk.question(more));
            }
        }
    }

    private static final class Attempt extends CompletableFuture<byte[]> {
        private final Claim owner;

        Attempt(Claim owner) {
            this.owner = owner;
        }
    }
}
