package io.millrace.engine.feed;

import io.millrace.core.address.Address;
import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Current;
import io.millrace.core.change.Position;
import io.millrace.core.value.Json;
import io.millrace.engine.port.StateStore.Row;
import io.millrace.engine.port.StateStore.Rows;
import io.millrace.engine.read.Cut;
import io.millrace.engine.read.Reads;
import io.millrace.engine.write.UnavailableException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes cuts some time after they are asked for and hands them over some time after that. */
final class SimulatedReads implements Reads {
    private final World world;
    int cuts;
    int open;
    /** One in how many cuts fails; 0 for none. */
    int failsOneIn;
    /** A fault: how far positions are off. */
    int shift;

    SimulatedReads(World world) {
        this.world = world;
    }

    /** For another node, as these are now. */
    SimulatedReads another() {
        SimulatedReads another = new SimulatedReads(world);
        another.failsOneIn = failsOneIn;
        another.shift = shift;
        return another;
    }

    @Override
    public CompletionStage<Cut> cut(Unit unit, RecordKey from, @Nullable RecordKey to, Instant deadline) {
        CompletableFuture<Cut> taken = new CompletableFuture<>();
        world.tasks.loose(() -> {
            cuts++;
            boolean fails = failsOneIn > 0 && world.random.nextInt(failsOneIn) == 0;
            if (fails) {
                world.tasks.loose(() -> taken.completeExceptionally(new UnavailableException("no owner")));
                return;
            }
            Cut cut = take(world.partition((Group) unit), unit, from, to);
            world.tasks.loose(() -> taken.complete(cut));
        });
        return taken;
    }

    private Cut take(Topics topics, Unit unit, RecordKey from, @Nullable RecordKey to) {
        NavigableMap<RecordKey, Json> stored = new TreeMap<>(topics.store);
        NavigableMap<RecordKey, Json> range =
                to == null ? stored.tailMap(from, true) : stored.subMap(from, true, to, false);
        int number = unit.partition(world.partitions.size());
        open++;
        return new Cut(
                new Position(Space.STREAM, number, Math.max(-1, topics.lastChange + shift)),
                topics.clock.seal(),
                new TreeMap<>(),
                new RangeRows(range.entrySet().stream()
                        .map(entry -> new Row(entry.getKey(), entry.getValue()))
                        .toList()
                        .iterator()));
    }

    @Override
    public CompletionStage<Current> get(Address address, Instant deadline) {
        throw new UnsupportedOperationException("the feed reads cuts only");
    }

    @Override
    public CompletionStage<List<Unit>> units(Space space, Instant deadline) {
        throw new UnsupportedOperationException("the feed reads cuts only");
    }

    private final class RangeRows implements Rows {
        private final Iterator<Row> rows;

        RangeRows(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            return rows.hasNext();
        }

        @Override
        public Row next() {
            return rows.next();
        }

        @Override
        public void close() {
            open--;
        }
    }
}
