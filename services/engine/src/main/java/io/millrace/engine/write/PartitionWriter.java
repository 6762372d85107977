package io.millrace.engine.write;

import io.millrace.core.address.Address;
import io.millrace.core.address.Space;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.Current;
import io.millrace.core.change.Mutation;
import io.millrace.engine.port.FencedException;
import io.millrace.engine.port.InDoubtException;
import io.millrace.engine.port.Lease;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.MicroClock;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.StateStore;
import io.millrace.engine.port.StoreClosedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of one partition: takes it over, decides mutations one after another upon uncommitted results, commits
 * them in groups, and answers once a group is committed. While a commit is under way the next group collects, so groups
 * grow with load by themselves.
 *
 * <p>{@link #advance()} does one step and is called again and again by one thread; everything else may be called by any.
 * The stages it hands out complete on that thread: what depends on them must be quick and never wait.
 */
public final class PartitionWriter {
    private static final long REST_MICROS = 1_000_000;
    private static final long CATCH_UP_REST_MICROS = 1_000;
    private static final long LEASE_REST_MICROS = 10_000;
    private static final long PRUNE_REST_MICROS = 20_000;

    private final Space space;
    private final int partition;
    private final String name;
    private final PartitionLog log;
    private final StateStore store;
    private final WriterConfig config;
    private final MicroClock clock;
    private final Lease lease;
    private final WriteEvents events;
    private final CommittedState committed;
    private final Inbox inbox;
    private final Decisions decisions;
    private ArrayDeque<Pending> work = new ArrayDeque<>();
    private final Views views = new Views();
    private final Bell bell = new Bell();
    private volatile Phase phase;
    private volatile boolean closing;
    private long takeoverSinceMicros;
    private long fencedMicros;
    /** The barrier since which this serves: what was read before it, another owner may have changed. */
    private volatile long servesSince = -1;

    /** A writer that has not taken over yet. */
    public PartitionWriter(
            Space space,
            int partition,
            PartitionLog log,
            StateStore store,
            WriterConfig config,
            MicroClock clock,
            Lease lease,
            WriteEvents events) {
        this.space = space;
        this.partition = partition;
        this.name = Owners.name(space, partition);
        this.log = log;
        this.store = store;
        this.config = config;
        this.clock = clock;
        this.lease = lease;
        this.events = events;
        this.committed = new CommittedState(space, partition, store, config);
        this.inbox = new Inbox(config);
        this.decisions = new Decisions(name, committed, config, failure -> events.failed(space, partition, failure));
        this.takeoverSinceMicros = clock.micros();
        this.phase = new Phase.Fencing(takeoverSinceMicros);
    }

    /**
     * Hands a mutation to the writer.
     *
     * @param deadlineMicros a mutation not decided by then is refused unseen
     * @param caller gets the reply once what it says is durable and visible, or an {@link UnavailableException} if this
     *     writer cannot tell: asking the owner again under the same mutation id is safe
     */
    public void submit(Mutation mutation, long deadlineMicros, Caller caller) {
        switch (inbox.offer(Pending.of(mutation, deadlineMicros, caller))) {
            case TAKEN -> bell.ring();
            case FULL -> caller.failed(UnavailableException.overloaded(name + " has too many mutations waiting"));
            case CLOSED -> caller.failed(unavailable("is changing its owner"));
        }
    }

    /**
     * What an address holds: at least everything acknowledged before the call.
     *
     * @throws UnavailableException if this is not certain to be the owner now
     */
    public Current get(Address address) {
        long since = servesSince;
        Current current;
        try {
            current = committed.current(address.recordKey());
        } catch (StoreClosedException e) {
            throw unavailable("is changing its owner");
        }
        // Afterwards, so that a pause of the whole process in between cannot go unnoticed.
        String unserved = phase.unserved();
        if (!unserved.isEmpty()) {
            throw unavailable(unserved);
        }
        if (since != servesSince) {
            throw unavailable("is being taken over");
        }
        if (!lease.held()) {
            throw unsure();
        }
        return current;
    }

    /**
     * Looks at the partition between two transactions.
     *
     * @param look runs on the writer's thread and must be quick
     * @return completes with what {@code look} returned; fails with {@link UnavailableException} if this writer is closed
     *     before, or is not certain to be the owner
     */
    public <T> CompletionStage<T> between(Function<CommittedView, T> look) {
        CompletionStage<T> seen = views.ask(look);
        if (phase instanceof Phase.Closed || phase instanceof Phase.Stopped) {
            // Asked too late to be seen by the writer, perhaps.
            views.refuse(unavailable("is changing its owner"));
        }
        bell.ring();
        return seen;
    }

    /** Asks the writer to finish what is under way and to give the partition up. */
    public void close() {
        closing = true;
        inbox.close();
        bell.ring();
    }

    /**
     * Does one step, which may block on the log. Only for the writer's thread.
     *
     * @return how long there is nothing to do unless something comes in, in microseconds; 0 to go on at once
     */
    public long advance() {
        if (closing && !(phase instanceof Phase.Committing)) {
            return windDown();
        }
        try {
            return switch (phase) {
                case Phase.Fencing fencing -> fence(fencing);
                case Phase.Announcing announcing -> announce(announcing);
                case Phase.Replaying replaying -> replay(replaying);
                case Phase.Waiting waiting -> await(waiting);
                case Phase.CatchingUp catchingUp -> catchUp(catchingUp);
                case Phase.Serving serving -> serve(serving);
                case Phase.Committing committing -> commit(committing);
                case Phase.Stopped ignored -> refuseAll();
                case Phase.Closed ignored -> REST_MICROS;
            };
        } catch (InDoubtException e) {
            // Nobody is answered: once the log is fenced and read, each mutation id tells whether it took effect.
            events.inDoubt(space, partition, work.size(), e);
            return takeOverAgain(Duration.ZERO);
        } catch (FencedException e) {
            // Another owner is there. It knows the outcome; so the callers are to ask it, under the same mutation ids.
            events.fenced(space, partition, e);
            failAll("has another owner");
            return takeOverAgain(config.fencedHoldOff());
        } catch (LogUnavailableException e) {
            events.unavailable(space, partition, e);
            return takeOverAgain(config.retryBackOff());
        } catch (StoreClosedException e) {
            // The assignment is being withdrawn; whoever does that closes this writer.
            failAll("is changing its owner");
            return takeOverAgain(config.retryBackOff());
        } catch (RuntimeException e) {
            // What cannot be read must not be skipped.
            events.stopped(space, partition, e);
            phase = new Phase.Stopped(String.valueOf(e.getMessage()));
            return refuseAll();
        }
    }

    private long fence(Phase.Fencing fencing) {
        long wait = fencing.notBeforeMicros() - clock.micros();
        if (wait > 0) {
            return wait;
        }
        if (!lease.held()) {
            return LEASE_REST_MICROS;
        }
        log.fence();
        fencedMicros = clock.micros();
        phase = fencing.fenced();
        return 0;
    }

    /**
     * Goes on only if the lease is still held: then whoever may own the partition next fences later. A zombie that fenced the
     * real owner for nothing stops here, the second time at the latest, before that one's reads could miss what it writes.
     */
    private long announce(Phase.Announcing announcing) {
        if (!lease.held()) {
            return takeOverAgain(Duration.ZERO);
        }
        PartitionLog.Offsets offsets = log.append(List.of(ChangeRecord.barrier()), clock.millis());
        log.commit();
        phase = announcing.announced(offsets.at(0));
        return 0;
    }

    private long replay(Phase.Replaying replaying) {
        committed.beforeReplay();
        Handover handover = new Handover(servesSince, replaying.barrierOffset());
        long nowMs = clock.millis();
        log.replay(
                nowMs - config.dedupeWindow().toMillis(),
                config.dedupeMaxEntries(),
                replaying.barrierOffset(),
                (offset, record) -> {
                    handover.read(offset, record);
                    committed.replayed(record, nowMs);
                });
        phase = handover.isOver() || config.leaseTime().isZero()
                ? replaying.replayed()
                : new Phase.Waiting(fencedMicros + config.leaseTime().toNanos() / 1_000);
        return 0;
    }

    private long await(Phase.Waiting waiting) {
        long wait = waiting.untilMicros() - clock.micros();
        phase = wait > 0 ? waiting : waiting.waited();
        return Math.max(0, wait);
    }

    private long catchUp(Phase.CatchingUp catchingUp) {
        if (store.appliedOffset() < catchingUp.barrierOffset()) {
            return CATCH_UP_REST_MICROS;
        }
        committed.caughtUp(catchingUp.barrierOffset(), clock.micros());
        servesSince = catchingUp.barrierOffset();
        phase = catchingUp.caughtUp();
        events.serving(space, partition, Duration.ofNanos((clock.micros() - takeoverSinceMicros) * 1_000));
        return 0;
    }

    private long serve(Phase.Serving serving) {
        committed.prune();
        views.show(committed, lease, this::unsure);
        if (work.isEmpty()) {
            work = inbox.take(work);
        }
        if (work.isEmpty()) {
            return committed.isMaterialised() ? REST_MICROS : PRUNE_REST_MICROS;
        }
        long sinceMicros = clock.micros();
        Batch batch = decisions.batch(work, sinceMicros);
        if (batch.records().isEmpty()) {
            // No commit tells whether what it rests on is still so.
            batch.answerOrRefuse(space, events, lease, this::unsure);
            return 0;
        }
        PartitionLog.Offsets offsets;
        try {
            offsets = log.append(batch.records(), sinceMicros / 1_000);
        } catch (InDoubtException | FencedException e) {
            batch.putBack(work);
            throw e;
        }
        phase = serving.appended(batch, offsets, sinceMicros);
        return 0;
    }

    private long commit(Phase.Committing committing) {
        Batch batch = committing.batch();
        try {
            log.commit();
        } catch (InDoubtException | FencedException e) {
            batch.putBack(work);
            throw e;
        }
        long nowMicros = clock.micros();
        int forgotten = committed.committed(batch, committing.offsets(), nowMicros / 1_000);
        phase = committing.committed();
        batch.answer(space, events);
        Duration took = Duration.ofNanos((nowMicros - committing.sinceMicros()) * 1_000);
        events.committed(space, partition, batch.decided().size(), batch.bytes(), took);
        if (forgotten > 0) {
            events.forgotten(space, partition, forgotten);
        }
        return 0;
    }

    private long takeOverAgain(Duration pause) {
        long nowMicros = clock.micros();
        if (phase instanceof Phase.Serving || phase instanceof Phase.Committing) {
            takeoverSinceMicros = nowMicros;
        }
        phase = new Phase.Fencing(nowMicros + pause.toNanos() / 1_000);
        return 0;
    }

    private long refuseAll() {
        failAll("is stopped: " + stoppedBecause());
        return REST_MICROS;
    }

    private long windDown() {
        if (!(phase instanceof Phase.Closed)) {
            boolean served = isServing();
            phase = new Phase.Closed(); // before the last word: from then on nothing may be read here
            failAll("is changing its owner");
            if (served) {
                Handover.release(log, clock.millis());
            }
            log.close();
            events.handedOver(space, partition);
        }
        views.refuse(unavailable("is changing its owner"));
        return REST_MICROS;
    }

    private void failAll(String why) {
        work.addAll(inbox.take(new ArrayDeque<>()));
        UnavailableException cause = unavailable(why);
        work.forEach(pending -> pending.caller().failed(cause));
        work.clear();
        views.refuse(cause);
    }

    private UnavailableException unsure() {
        return unavailable("has not heard from Kafka for too long to be sure who owns it");
    }

    private UnavailableException unavailable(String why) {
        return new UnavailableException(name + " " + why);
    }

    /** Rests until there is something to do, at most so long. Only for the writer's thread. */
    public void rest(long micros) {
        bell.rest(micros, () -> closing || !inbox.isEmpty() || !views.isEmpty());
    }

    /** Wakes the writer's thread. */
    public Bell bell() {
        return bell;
    }

    /** Whether the next step writes what waits. */
    public boolean isAboutToWrite() {
        return phase instanceof Phase.Serving && (!work.isEmpty() || !inbox.isEmpty());
    }

    /** Whether a transaction is under way, which the next step ends. */
    public boolean isCommitting() {
        return phase instanceof Phase.Committing;
    }

    /** Whether the partition has been given up. */
    public boolean isClosed() {
        return phase instanceof Phase.Closed;
    }

    /** Whether mutations are decided at once. */
    public boolean isServing() {
        return phase instanceof Phase.Serving || phase instanceof Phase.Committing;
    }

    /** The offset of the barrier since which this serves, -1 if it never did: the higher, the later the owner. */
    public long servesSince() {
        return servesSince;
    }

    /** Why nothing is served until somebody has looked at it; null while that is not so. */
    public @Nullable String stoppedBecause() {
        return phase instanceof Phase.Stopped stopped ? stopped.why() : null;
    }

    /** How much of what it holds. About, from any thread. */
    public WriterLoad load() {
        return new WriterLoad(inbox.size(), committed.overlaySize(), committed.remembered());
    }

    /** The last record that is certainly committed, -1 for none yet: nothing later has been acknowledged. From any thread. */
    public long committedOffset() {
        return committed.position().offset();
    }
}
