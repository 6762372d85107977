package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** L9: who does not keep up delays nobody, and costs nothing but its place. */
class LaggardsTest {
    private static final Group GROUP = Writer.GROUPS.getFirst();
    private static final int WINDOW_BYTES = 64 << 10;
    private static final FeedsConfig CONFIG = FeedsConfig.of(WINDOW_BYTES, 1_000, Duration.ofHours(1));

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whoKeepsUpHasEverythingThoughOthersTakeNothing(long seed) {
        Run run = new Run(seed, 30);
        Ledger ledger =
                new Ledger(run.world, CONFIG, new Wish(GROUP, null), false, new EveryFrame(new Wish(GROUP, null)));
        ledger.joining(null, false, null);
        NarrowOutbox outbox = run.join(1 << 24, Mode.Every.EVERY);
        Writer writer = new Writer(run.world);
        for (int round = 0; round < 100; round++) {
            writer.write(GROUP);
            run.world.tasks.settle();
            for (byte[] wire = outbox.take(); wire != null; wire = outbox.take()) {
                ledger.heard(Heard.of(wire));
            }
            ledger.complete();
        }
        assertThat(outbox.refusals).isZero();
        assertThat(run.slow).allMatch(slow -> slow.refusals == 1 && slow.bytes() < 2_000);
    }

    @Test
    void howManyLagMakesNoDifferenceToWhatIsKept() throws IllegalAccessException {
        long few = kept(10);
        long many = kept(500);

        assertThat(many).as("bytes kept for 500, as for 10").isEqualTo(few);
        assertThat(many).as("bytes kept").isBetween(WINDOW_BYTES / 8L, 2L * WINDOW_BYTES);
    }

    private static long kept(int slow) throws IllegalAccessException {
        Run run = new Run(3, slow);
        for (int round = 0; round < 500; round++) {
            run.world.set(GROUP, "item" + round % 7, "\"" + "x".repeat(200) + round + "\"");
            run.world.tasks.settle();
        }
        List<Object> roots = new ArrayList<>(run.subscriptions);
        roots.add(run.node.feeds);
        roots.addAll(run.node.lanes);
        return Reach.bytesFrom(roots);
    }

    private static final class Run {
        private final World world;
        private final SimulatedNode node;
        private final List<NarrowOutbox> slow = new ArrayList<>();
        private final List<Object> subscriptions = new ArrayList<>();

        Run(long seed, int readers) {
            world = new World(seed, 1);
            node = new SimulatedNode(world, CONFIG);
            for (int i = 0; i < readers; i++) {
                slow.add(join(1_000, i % 2 == 0 ? Mode.Every.EVERY : new Mode.Latest(Duration.ZERO)));
            }
            world.tasks.settle();
        }

        private NarrowOutbox join(int boundBytes, Mode mode) {
            NarrowOutbox outbox = new NarrowOutbox(boundBytes, false);
            int lane = world.random.nextInt(node.lanes.size());
            Subscriber subscriber = node.lanes.get(lane).subscriber(outbox, Form.MESSAGE);
            subscriptions.add(subscriber);
            node.executors
                    .get(lane)
                    .execute(() -> subscriptions.add(subscriber.join(GROUP, null, new Terms(mode, false, null))));
            return outbox;
        }
    }
}
