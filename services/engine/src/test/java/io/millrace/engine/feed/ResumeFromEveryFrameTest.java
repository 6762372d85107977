package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** L7: whoever comes back with the cursor of any frame gets exactly what follows it. */
class ResumeFromEveryFrameTest {
    private static final Group GROUP = Writer.GROUPS.getFirst();
    private static final FeedsConfig CONFIG = FeedsConfig.of(1 << 20, 1_000, Duration.ofHours(1));

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theSameNodeHasItInMemory(long seed) {
        Run run = new Run(seed);
        List<Heard> whole = run.live();
        int reads = run.world.history.reads;
        List<List<Heard>> resumed = run.resumeFromEach(whole, run.node);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(texts(resumed.get(i)))
                    .as("after frame %s", i)
                    .isEqualTo(texts(whole).subList(i + 1, whole.size()));
        }
        assertThat(run.world.history.reads).as("readings of the log").isEqualTo(reads);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anotherNodeReadsTheLogOnceForAll(long seed) {
        Run run = new Run(seed);
        List<Heard> whole = run.live();
        int reads = run.world.history.reads;
        SimulatedNode another = new SimulatedNode(run.world, CONFIG);
        List<List<Heard>> resumed = run.resumeFromEach(whole, another);
        for (int i = 0; i < whole.size(); i++) {
            for (boolean events : new boolean[] {true, false}) {
                List<Heard> following = whole.subList(i + 1, whole.size());
                assertThat(texts(of(resumed.get(i), events)))
                        .as("after frame %s", i)
                        .isEqualTo(texts(of(following, events)));
            }
        }
        // The first who comes is served alone; all others come while that reading goes on.
        assertThat(run.world.history.reads - reads).as("readings of the log").isBetween(1, 2);
        assertThat(another.reads.cuts).as("cuts").isZero();
    }

    private static List<String> texts(List<Heard> frames) {
        return frames.stream().map(Heard::frame).toList();
    }

    /** The two topics have no order of their own: a reader of the log may find another one than the tail. */
    private static List<Heard> of(List<Heard> frames, boolean events) {
        return frames.stream()
                .filter(frame -> frame.kind().equals("event") == events)
                .toList();
    }

    private static final class Run {
        private final World world;
        private final SimulatedNode node;

        Run(long seed) {
            world = new World(seed, 1);
            node = new SimulatedNode(world, CONFIG);
        }

        /** What one gets who is there from the beginning on. */
        List<Heard> live() {
            NarrowOutbox outbox = join(node, null);
            Writer writer = new Writer(world);
            for (int round = 0; round < 300; round++) {
                if (world.random.nextInt(3) == 0) {
                    writer.write(writer.anyGroup());
                } else {
                    world.tasks.step();
                }
            }
            world.tasks.finish();
            return drained(outbox);
        }

        private NarrowOutbox join(SimulatedNode at, @Nullable String cursor) {
            NarrowOutbox outbox = new NarrowOutbox(1 << 24, false);
            int lane = world.random.nextInt(at.lanes.size());
            Subscriber subscriber = at.lanes.get(lane).subscriber(outbox, Form.MESSAGE);
            at.executors
                    .get(lane)
                    .execute(() -> subscriber.join(GROUP, null, new Terms(Mode.Every.EVERY, true, cursor)));
            return outbox;
        }

        private List<List<Heard>> resumeFromEach(List<Heard> whole, SimulatedNode at) {
            List<NarrowOutbox> outboxes =
                    whole.stream().map(frame -> join(at, frame.cursor())).toList();
            world.tasks.finish();
            return outboxes.stream().map(Run::drained).toList();
        }

        /** Without those that only tell that one has caught up. */
        private static List<Heard> drained(NarrowOutbox outbox) {
            List<Heard> frames = new ArrayList<>();
            for (byte[] wire = outbox.take(); wire != null; wire = outbox.take()) {
                Heard heard = Heard.of(wire);
                if (!heard.kind().equals("cursor")) {
                    frames.add(heard);
                }
            }
            return frames;
        }
    }
}
