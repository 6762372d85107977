package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.change.Change;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.Current;
import io.millrace.core.change.Decider;
import io.millrace.core.change.Frames;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.change.VersionClock;
import io.millrace.core.value.Json;
import io.millrace.engine.port.Tail.Source;
import io.millrace.engine.port.Tail.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One partition's log and store, and what the feed needs around them. Every commit has milliseconds of its own. */
final class World {
    final SplittableRandom random;
    final TaskQueue tasks;
    final List<PartitionWorld> partitions = new ArrayList<>();
    final SimulatedTail tail;
    final SimulatedReads reads;
    ProvidedSnapshots provided = ProvidedSnapshots.NONE;
    int encodings;
    int failures;

    World(long seed, int partitions) {
        random = new SplittableRandom(seed);
        tasks = new TaskQueue(random);
        for (int i = 0; i < partitions; i++) {
            this.partitions.add(new PartitionWorld());
        }
        tail = new SimulatedTail(this);
        reads = new SimulatedReads(this);
    }

    Feeds feeds(FeedsConfig config) {
        return new Feeds(
                config,
                partitions.size(),
                "e",
                reads,
                (group, itemId, deadline) -> provided.sync(group, itemId, deadline),
                tail::listen,
                (partition, after, through, reader) -> CompletableFuture.completedStage(through),
                (form, frame, cursor) -> {
                    encodings++;
                    return frame.utf8();
                },
                tasks::loose,
                tasks,
                () -> java.time.Instant.ofEpochMilli(tasks.nowMs()),
                (partition, cause) -> failures++);
    }

    PartitionWorld partition(Group group) {
        return partitions.get(group.partition(partitions.size()));
    }

    void set(Group group, String item, String json) {
        change(group.address(item), new Mutation.Set(Json.ofText(json)));
    }

    void delete(Group group, String item) {
        change(group.address(item), new Mutation.Delete());
    }

    private void change(StreamAddress address, Mutation.Ask ask) {
        tasks.pass(Duration.ofMillis(3));
        PartitionWorld partition = partition(address.unit());
        Change change = new Decider(1 << 20)
                .decide(
                        Mutation.of(address, ask, new MutationId("m")),
                        partition.current(address.recordKey()),
                        partition.clock,
                        tasks.nowMs() * 1_000)
                .change();
        if (change != null) {
            partition.append(change, random.nextInt(1, 3));
        }
        tail.wake();
    }

    void send(Group group, @Nullable String id, String type) {
        tasks.pass(Duration.ofMillis(3));
        PartitionWorld partition = partition(group);
        Json frame = Frames.event(group, id, type, Json.NULL, tasks.nowMs());
        partition.events.add(
                new Told(Source.EVENT, partition.events.size(), group.eventKey(), frame, -1, tasks.nowMs()));
        tail.wake();
    }

    /** What a partition's topics hold. */
    static final class PartitionWorld {
        final List<Told> changes = new ArrayList<>();
        final List<Told> events = new ArrayList<>();
        final VersionClock clock = new VersionClock();
        final NavigableMap<RecordKey, Json> store = new TreeMap<>();
        long lastOffset = -1;

        Current current(RecordKey key) {
            Json frame = store.get(key);
            return frame == null ? Current.MISSING : Frames.current(Space.STREAM, frame.utf8());
        }

        /** Appends a change; between two there may be a commit marker. */
        private void append(Change change, int gap) {
            ChangeRecord record = ChangeRecord.of(change);
            Json frame = record.frame();
            if (frame == null) {
                throw new AssertionError("change without a frame");
            }
            long offset = lastOffset + gap;
            changes.add(new Told(Source.CHANGE, offset, record.key(), frame, -1, 0));
            boolean gone = change.newValue() == null;
            lastOffset = gone ? offset + 1 : offset; // a delete is followed by its tombstone
            if (gone) {
                store.remove(record.key());
            } else {
                store.put(record.key(), frame);
            }
        }
    }
}
