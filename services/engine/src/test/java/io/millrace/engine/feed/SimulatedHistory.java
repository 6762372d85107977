package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.feed.Topics.Entry;
import io.millrace.engine.port.History;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail.Batch;
import io.millrace.engine.port.Tail.Source;
import io.millrace.engine.port.Tail.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads late, in batches of any size, now one topic and now the other; and sometimes breaks off. */
final class SimulatedHistory implements History {
    private final World world;
    int reads;
    /** One in how many reads fails, half of them half-way; 0 for none. */
    int failsOneIn;
    /** A fault: how many records each read leaves out at its end. */
    int shortBy;
    /** A fault: it does not tell which changes events come after. */
    boolean forgetsAfter;

    SimulatedHistory(World world) {
        this.world = world;
    }

    @Override
    public CompletionStage<Mark> read(int partition, Mark after, Mark through, Reader reader) {
        reads++;
        Topics topics = world.partitions.get(partition);
        assertThat(topics.end().covers(through))
                .as("history through %s of %s", through, topics.end())
                .isTrue();
        Reading reading = new Reading(topics, after, through, reader);
        reading.next();
        return reading.done;
    }

    private final class Reading {
        private final Topics topics;
        private final Mark after;
        private final Reader reader;
        private final List<Entry> changes;
        private final List<Entry> events;
        private final int breaksAt;
        private final CompletableFuture<Mark> done = new CompletableFuture<>();
        private int batches;

        Reading(Topics topics, Mark after, Mark through, Reader reader) {
            this.topics = topics;
            this.after = after;
            this.reader = reader;
            this.changes = between(topics.changes, after.change(), through.change());
            this.events = between(topics.events, after.event(), through.event());
            for (int i = 0; i < shortBy; i++) {
                List<Entry> shorter = world.random.nextBoolean() ? changes : events;
                if (!shorter.isEmpty()) {
                    shorter.removeLast();
                }
            }
            this.breaksAt = failsOneIn > 0 && world.random.nextInt(failsOneIn) == 0
                    ? world.random.nextInt(4)
                    : Integer.MAX_VALUE;
        }

        private static List<Entry> between(NavigableMap<Long, Entry> topic, long after, long through) {
            return after >= through
                    ? new ArrayList<>()
                    : new ArrayList<>(topic.subMap(after, false, through, true).values());
        }

        void next() {
            world.tasks.loose(this::step);
        }

        private void step() {
            if (batches++ == breaksAt) {
                done.completeExceptionally(new LogUnavailableException("broken off", new IllegalStateException()));
            } else if (changes.isEmpty() && events.isEmpty()) {
                done.complete(after.orLater(topics.start()));
            } else {
                boolean change = events.isEmpty() || (!changes.isEmpty() && world.random.nextBoolean());
                reader.read(batch(change ? Source.CHANGE : Source.EVENT, change ? changes : events));
                next();
            }
        }

        private Batch batch(Source source, List<Entry> left) {
            List<Entry> taken = left.subList(0, Math.min(left.size(), world.random.nextInt(1, 6)));
            long through = taken.getLast().offset();
            List<Told> told = SimulatedTail.told(taken, forgetsAfter);
            taken.clear();
            return new Batch(source, told, through);
        }
    }
}
