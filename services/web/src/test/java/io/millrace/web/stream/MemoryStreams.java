package io.millrace.web.stream;

import io.millrace.core.address.Address;
import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Change;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.Current;
import io.millrace.core.change.Decider;
import io.millrace.core.change.Frames;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.change.Position;
import io.millrace.core.change.VersionClock;
import io.millrace.core.value.Json;
import io.millrace.engine.feed.Feeds;
import io.millrace.engine.feed.FeedsConfig;
import io.millrace.engine.feed.FrameEncoder;
import io.millrace.engine.feed.ProvidedSnapshots;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.port.StateStore.Row;
import io.millrace.engine.port.StateStore.Rows;
import io.millrace.engine.port.Tail;
import io.millrace.engine.port.Tail.Batch;
import io.millrace.engine.read.Cut;
import io.millrace.engine.read.Reads;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Streams of one partition in memory: what is written is committed and told at once. */
final class MemoryStreams implements Reads, Tail, AutoCloseable {
    private static final GatewayEvents NO_EVENTS = new GatewayEvents() {};

    private final NavigableMap<RecordKey, Json> store = new TreeMap<>();
    private final VersionClock clock = new VersionClock();
    private final Decider decider = new Decider(64 << 20);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private @Nullable Listener listener;
    private boolean followed;
    private long lastOffset = -1;
    private long events;

    Feeds feeds() {
        return feeds(FeedsConfig.defaults(), StreamGateway.encoder(StreamGatewayConfig.Compression.NONE, NO_EVENTS));
    }

    Feeds feeds(FeedsConfig config, FrameEncoder encoder) {
        Scheduler scheduler = (delay, task) -> {
            ScheduledFuture<?> scheduled = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
            return () -> scheduled.cancel(false);
        };
        return new Feeds(
                config,
                1,
                "e",
                this,
                ProvidedSnapshots.NONE,
                this::listen,
                (partition, after, through, reader) -> CompletableFuture.completedStage(through),
                encoder,
                executor,
                scheduler,
                InstantSource.system(),
                (partition, cause) -> {
                    throw new AssertionError(cause);
                });
    }

    private synchronized Tail listen(Listener told) {
        listener = told;
        return this;
    }

    synchronized boolean isFollowed() {
        return followed;
    }

    void set(Group group, String item, String json) {
        change(group.address(item), new Mutation.Set(Json.ofText(json)));
    }

    void delete(Group group, String item) {
        change(group.address(item), new Mutation.Delete());
    }

    private synchronized void change(StreamAddress address, Mutation.Ask ask) {
        RecordKey key = address.recordKey();
        Json stored = store.get(key);
        Current current = stored == null ? Current.MISSING : Frames.current(Space.STREAM, stored.utf8());
        long nowMicros = System.currentTimeMillis() * 1_000;
        Change change = decider.decide(Mutation.of(address, ask, new MutationId("m")), current, clock, nowMicros)
                .change();
        if (change == null) {
            return;
        }
        Json frame = ChangeRecord.of(change).frame();
        if (frame == null) {
            throw new AssertionError("change without a frame");
        }
        lastOffset += 2;
        if (change.newValue() == null) {
            store.remove(key);
        } else {
            store.put(key, frame);
        }
        tell(new Told(Source.CHANGE, lastOffset, key, frame, -1, System.currentTimeMillis()));
    }

    synchronized void send(Group group, @Nullable String id, String type) {
        Json frame = Frames.event(group, id, type, Json.NULL, System.currentTimeMillis());
        tell(new Told(Source.EVENT, events++, group.eventKey(), frame, -1, System.currentTimeMillis()));
    }

    private void tell(Told told) {
        if (followed && listener != null) {
            listener.told(0, new Batch(told.source(), List.of(told), told.offset()));
        }
    }

    @Override
    public synchronized CompletionStage<Void> follow(int partition) {
        followed = true;
        if (listener != null) {
            listener.began(0, new Mark(lastOffset, events - 1));
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized void unfollow(int partition) {
        followed = false;
    }

    @Override
    public CompletionStage<Cut> cut(Unit unit, RecordKey from, @Nullable RecordKey to, Instant deadline) {
        return CompletableFuture.supplyAsync(() -> take(from, to), executor);
    }

    private synchronized Cut take(RecordKey from, @Nullable RecordKey to) {
        NavigableMap<RecordKey, Json> range =
                to == null ? store.tailMap(from, true) : store.subMap(from, true, to, false);
        Iterator<Row> rows = range.entrySet().stream()
                .map(entry -> new Row(entry.getKey(), entry.getValue()))
                .toList()
                .iterator();
        return new Cut(new Position(Space.STREAM, 0, lastOffset), clock.seal(), new TreeMap<>(), new CopiedRows(rows));
    }

    @Override
    public CompletionStage<Current> get(Address address, Instant deadline) {
        throw new UnsupportedOperationException("the feed reads cuts only");
    }

    @Override
    public CompletionStage<List<Unit>> units(Space space, Instant deadline) {
        throw new UnsupportedOperationException("the feed reads cuts only");
    }

    @Override
    public void close() {
        timer.shutdownNow();
        executor.shutdownNow();
    }

    private record CopiedRows(Iterator<Row> rows) implements Rows {
        @Override
        public boolean hasNext() {
            return rows.hasNext();
        }

        @Override
        public Row next() {
            return rows.next();
        }

        @Override
        public void close() {}
    }
}
