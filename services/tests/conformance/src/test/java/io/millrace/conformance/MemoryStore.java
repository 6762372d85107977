package io.millrace.conformance;

import io.millrace.core.address.Address;
import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Current;
import io.millrace.core.change.Decider;
import io.millrace.core.change.Decision;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.Position;
import io.millrace.core.change.Reply;
import io.millrace.core.change.VersionClock;
import io.millrace.core.value.Json;
import io.millrace.engine.port.EventLog;
import io.millrace.engine.port.StateStore.Row;
import io.millrace.engine.port.StateStore.Rows;
import io.millrace.engine.read.Cut;
import io.millrace.engine.read.Reads;
import io.millrace.engine.write.Mutations;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One partition that decides as the owner does and forgets when the test ends. */
final class MemoryStore implements Mutations, Reads, EventLog {
    private static final long NOW_MICROS = 1_700_000_000_000_000L;

    private final NavigableMap<RecordKey, Current> held = new TreeMap<>();
    private final VersionClock clock = new VersionClock();
    private final Decider decider = new Decider(1 << 20);

    @Override
    public CompletionStage<Reply> submit(Mutation mutation, Instant deadline) {
        RecordKey key = mutation.address().recordKey();
        Decision decision = decider.decide(mutation, current(key), clock, NOW_MICROS);
        if (decision.change() != null) {
            held.put(key, decision.change().current());
        }
        return CompletableFuture.completedStage(decision.reply());
    }

    @Override
    public CompletionStage<Current> get(Address address, Instant deadline) {
        return CompletableFuture.completedStage(current(address.recordKey()));
    }

    @Override
    public CompletionStage<Cut> cut(Unit unit, RecordKey from, @Nullable RecordKey to, Instant deadline) {
        NavigableMap<RecordKey, Current> part =
                to == null ? held.tailMap(from, true) : held.subMap(from, true, to, false);
        Position position = new Position(unit.space(), 0, held.size());
        return CompletableFuture.completedStage(new Cut(position, clock.last(), new TreeMap<>(part), new NoRows()));
    }

    @Override
    public CompletionStage<List<Unit>> units(Space space, Instant deadline) {
        return CompletableFuture.completedStage(held.keySet().stream()
                .map(key -> key.address().unit())
                .filter(unit -> unit.space() == space)
                .distinct()
                .toList());
    }

    @Override
    public CompletionStage<Void> send(Group group, Json frame, long after, @Nullable String traceParent) {
        return CompletableFuture.completedStage(null);
    }

    private Current current(RecordKey key) {
        return held.getOrDefault(key, Current.MISSING);
    }

    /** Nothing is materialised: all is in the overlay. */
    private static final class NoRows implements Rows {
        @Override
        public boolean hasNext() {
            return false;
        }

        @Override
        public Row next() {
            throw new NoSuchElementException();
        }

        @Override
        public void close() {}
    }
}
