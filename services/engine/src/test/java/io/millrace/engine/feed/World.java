package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.change.Change;
import io.millrace.core.change.Decider;
import io.millrace.core.change.Frames;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.value.Json;
import io.millrace.engine.port.Scheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The topics and stores of all partitions, and what feeds need around them. Every commit has milliseconds of its own. */
final class World {
    final SplittableRandom random;
    final TaskQueue tasks;
    final List<Topics> partitions = new ArrayList<>();
    final SimulatedReads reads;
    final SimulatedHistory history;
    /** The tail of those who need one only. */
    final SimulatedTail tail;

    final List<SimulatedTail> readers = new ArrayList<>();
    final Counted counted = new Counted();
    ProvidedSnapshots provided = ProvidedSnapshots.NONE;
    /** What becomes of cursors before they are told. */
    UnaryOperator<String> cursors = UnaryOperator.identity();

    String epoch = "e0";
    private int epochs;
    int encodings;
    int failures;

    World(long seed, int partitions) {
        random = new SplittableRandom(seed);
        tasks = new TaskQueue(random);
        for (int i = 0; i < partitions; i++) {
            this.partitions.add(new Topics());
        }
        reads = new SimulatedReads(this);
        history = new SimulatedHistory(this);
        tail = new SimulatedTail(this);
    }

    Feeds feeds(FeedsConfig config) {
        return feeds(config, reads, tail, tasks::loose, tasks);
    }

    Feeds feeds(FeedsConfig config, SimulatedReads reads, SimulatedTail tail, Executor executor, Scheduler scheduler) {
        return new Feeds(
                config,
                partitions.size(),
                epoch,
                reads,
                (group, itemId, deadline) -> provided.sync(group, itemId, deadline),
                tail::listen,
                history,
                this::encode,
                executor,
                scheduler,
                () -> Instant.ofEpochMilli(tasks.nowMs()),
                counted);
    }

    private byte[] encode(Form form, Json frame, String cursor) {
        encodings++;
        if (!form.hasCursor()) {
            return frame.utf8();
        }
        String text = frame.toString();
        String told = cursors.apply(cursor);
        return (text.substring(0, text.length() - 1) + Heard.CURSOR + told + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    Topics partition(Group group) {
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
        Topics topics = partition(address.unit());
        Change change = new Decider(1 << 20)
                .decide(
                        Mutation.of(address, ask, new MutationId("m")),
                        topics.current(address.recordKey()),
                        topics.clock,
                        tasks.nowMs() * 1_000)
                .change();
        if (change != null) {
            topics.append(change, random.nextInt(2), tasks.nowMs());
        }
        readers.forEach(SimulatedTail::wake);
    }

    /** Sends an event whose sender knows of no change. */
    void send(Group group, @Nullable String id, String type) {
        send(group, id, type, Json.NULL, -1);
    }

    /**
     * Sends an event.
     *
     * @param after the last change its sender knows to be committed
     */
    void send(Group group, @Nullable String id, String type, Json data, long after) {
        tasks.pass(Duration.ofMillis(3));
        Json frame = Frames.event(group, id, type, data, tasks.nowMs());
        partition(group).send(group, frame, after, tasks.nowMs());
        readers.forEach(SimulatedTail::wake);
    }

    /** Sends the frame of somebody else's item. */
    void tell(Group group, Json frame) {
        partition(group).send(group, frame, -1, tasks.nowMs());
        readers.forEach(SimulatedTail::wake);
    }

    /** The topics are made anew, empty. Whoever had read the old ones is to be started again. */
    void makeTopicsAnew() {
        epoch = "e" + ++epochs;
        partitions.replaceAll(old -> new Topics());
    }

    /** Counts what the feeds say. */
    final class Counted implements FeedEvents {
        final Map<Reset, Integer> resets = new EnumMap<>(Reset.class);
        int resumed;
        int resumedFrames;
        int replays;
        int replayFailures;
        int lagged;
        int conflated;

        @Override
        public void snapshotFailed(int partition, Throwable cause) {
            failures++;
        }

        @Override
        public void resumed(int frames) {
            resumed++;
            resumedFrames += frames;
        }

        @Override
        public void replayed(int partition, int records) {
            replays++;
        }

        @Override
        public void replayFailed(int partition, Throwable cause) {
            replayFailures++;
        }

        @Override
        public void reset(Reset reason) {
            resets.merge(reason, 1, Integer::sum);
        }

        @Override
        public void lagged() {
            lagged++;
        }

        @Override
        public void conflated(int frames) {
            conflated += frames;
        }
    }
}
