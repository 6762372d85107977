package io.millrace.engine.function;

import io.millrace.core.address.Address;
import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.Current;
import io.millrace.core.change.Decider;
import io.millrace.core.change.Decision;
import io.millrace.core.change.Frames;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One partition per space, decided as the real owner decides, kept as the frames the real store keeps. */
final class InMemoryStore implements Mutations, Reads, EventLog {
    static final long NOW_MICROS = 1_700_000_000_000_000L;

    /** An event that was sent. */
    record Sent(
            Group group, String frame, long after, @Nullable String traceParent) {}

    final List<Mutation> submitted = new ArrayList<>();
    final List<Sent> sent = new ArrayList<>();
    int cutsTaken;
    int cutsOpen;

    private final Map<Space, NavigableMap<RecordKey, Json>> frames = new EnumMap<>(Space.class);
    private final VersionClock clock = new VersionClock();
    private final Decider decider;
    private @Nullable RuntimeException broken;
    private @Nullable RuntimeException brokenWhileIterating;

    InMemoryStore(int maxValueBytes) {
        decider = new Decider(maxValueBytes);
        frames.put(Space.STATE, new TreeMap<>());
        frames.put(Space.STREAM, new TreeMap<>());
    }

    /** Every call fails so from now on. */
    void failWith(RuntimeException failure) {
        broken = failure;
    }

    /** Every snapshot can be taken and not be walked through. */
    void failWhileIteratingWith(RuntimeException failure) {
        brokenWhileIterating = failure;
    }

    @Override
    public CompletionStage<Reply> submit(Mutation mutation, Instant deadline) {
        return answer(() -> {
            submitted.add(mutation);
            Decision decision = decider.decide(mutation, current(mutation.address()), clock, NOW_MICROS);
            if (decision.change() != null) {
                ChangeRecord record = ChangeRecord.of(decision.change());
                frames(mutation.address().space()).put(record.key(), record.frame());
            }
            return decision.reply();
        });
    }

    @Override
    public long committed(Unit unit) {
        return submitted.size() - 1L;
    }

    @Override
    public CompletionStage<Current> get(Address address, Instant deadline) {
        return answer(() -> current(address));
    }

    @Override
    public CompletionStage<Cut> cut(Unit unit, RecordKey from, @Nullable RecordKey to, Instant deadline) {
        return answer(() -> {
            NavigableMap<RecordKey, Json> all = frames(unit.space());
            NavigableMap<RecordKey, Json> part =
                    to == null ? all.tailMap(from, true) : all.subMap(from, true, to, false);
            cutsTaken++;
            cutsOpen++;
            Rows rows = new OpenRows(new TreeMap<>(part).entrySet().iterator());
            return new Cut(new Position(unit.space(), 0, all.size()), clock.last(), new TreeMap<>(), rows);
        });
    }

    @Override
    public CompletionStage<List<Unit>> units(Space space, Instant deadline) {
        return answer(() -> {
            var units =
                    new TreeSet<Unit>(Comparator.comparing(unit -> unit.prefix().first()));
            frames(space).forEach((key, frame) -> {
                if (Frames.current(space, frame.utf8()) instanceof Current.Present) {
                    units.add(key.address().unit());
                }
            });
            // The real ones come partition by partition.
            return new ArrayList<>(units.descendingSet());
        });
    }

    @Override
    public CompletionStage<Void> send(Group group, Json frame, long after, @Nullable String traceParent) {
        return answer(() -> sent.add(new Sent(group, frame.toString(), after, traceParent)))
                .thenAccept(ignored -> {});
    }

    private NavigableMap<RecordKey, Json> frames(Space space) {
        return frames.getOrDefault(space, new TreeMap<>());
    }

    private Current current(Address address) {
        Json frame = frames(address.space()).get(address.recordKey());
        return frame == null ? Current.MISSING : Frames.current(address.space(), frame.utf8());
    }

    private <T> CompletionStage<T> answer(Supplier<T> answer) {
        return broken == null ? CompletableFuture.completedStage(answer.get()) : CompletableFuture.failedStage(broken);
    }

    private final class OpenRows implements Rows {
        private final Iterator<Map.Entry<RecordKey, Json>> rows;

        OpenRows(Iterator<Map.Entry<RecordKey, Json>> rows) {
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            if (brokenWhileIterating != null) {
                throw brokenWhileIterating;
            }
            return rows.hasNext();
        }

        @Override
        public Row next() {
            Map.Entry<RecordKey, Json> row = rows.next();
            return new Row(row.getKey(), row.getValue());
        }

        @Override
        public void close() {
            cutsOpen--;
        }
    }
}
