package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * L6: snapshot and live together have no gap and no duplicate, and the snapshot comes first. L7: a cursor resumes exactly
 * or says reset. L9: whoever is slow gets what is right for it in the end.
 */
class FeedsSimulationTest {
    private static final int ROUNDS = 1_500;
    private static final int FAULT_SEEDS = 20;
    /** So many seeds are to catch a fault. */
    private static final int ENOUGH = 2;

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20));
    }

    private static Crowd run(long seed, Plant plant) {
        Crowd crowd = new Crowd(seed, 8, plant);
        for (int round = 0; round < ROUNDS; round++) {
            crowd.live();
        }
        crowd.check();
        return crowd;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whoeverFollowsSeesTheLogThroughLagResumeAndReset(long seed) {
        run(seed, Plant.NOTHING);
    }

    @Test
    void everyKindOfTroubleIsMetInTwentySeeds() {
        Map<Reset, Integer> resets = new EnumMap<>(Reset.class);
        Map<String, Integer> met = new TreeMap<>();
        LongStream.range(0, FAULT_SEEDS).forEach(seed -> {
            World world = run(seed, Plant.NOTHING).world;
            world.counted.resets.forEach((reason, count) -> resets.merge(reason, count, Integer::sum));
            met.merge("resumed", world.counted.resumed, Integer::sum);
            met.merge("frames from the window", world.counted.resumedFrames, Integer::sum);
            met.merge("replayed", world.counted.replays, Integer::sum);
            met.merge("replay failures", world.counted.replayFailures, Integer::sum);
            met.merge("lagged", world.counted.lagged, Integer::sum);
            met.merge("conflated", world.counted.conflated, Integer::sum);
            met.merge("snapshot failures", world.failures, Integer::sum);
        });

        assertThat(resets).containsOnlyKeys(Reset.values());
        assertThat(met.values()).as("%s", met).allMatch(count -> count > 0);
    }

    @Test
    void theSameSeedIsTheSameRun() {
        World first = run(7, Plant.NOTHING).world;
        World second = run(7, Plant.NOTHING).world;

        assertThat(second.tasks.nowMs()).isEqualTo(first.tasks.nowMs());
        assertThat(second.encodings).isEqualTo(first.encodings);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void aLawIsSeenToBreakWhenAFaultIsPlanted(Plant plant) {
        long caught = LongStream.range(0, FAULT_SEEDS)
                .filter(seed -> breaksALaw(seed, plant))
                .limit(ENOUGH)
                .count();

        assertThat(caught).as("seeds of %s that caught it", FAULT_SEEDS).isEqualTo(ENOUGH);
    }

    private static boolean breaksALaw(long seed, Plant plant) {
        try {
            run(seed, plant);
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anOldClientWithOverlappingSubscriptionsEndsUpWithWhatTheStoreHolds(long seed) {
        Crowd crowd = new Crowd(seed, 0, Plant.NOTHING);
        Group group = Writer.GROUPS.getFirst();
        World world = crowd.world;
        SimulatedNode node = crowd.anyNode();
        NarrowOutbox outbox =
                new NarrowOutbox(world.random.nextBoolean() ? 1 << 24 : world.random.nextInt(200, 4_000), false);
        Subscriber subscriber = node.lanes.getFirst().subscriber(outbox, Form.MESSAGE);
        LegacyClient client = new LegacyClient();
        Map<Integer, Subscription> joined = new TreeMap<>();
        node.executors.getFirst().execute(() -> joined.put(0, subscriber.join(group, null, Terms.USUAL)));
        for (int round = 0; round < 400; round++) {
            int id = 1 + world.random.nextInt(3);
            String item = world.random.nextBoolean() ? null : crowd.writer.anyItem();
            switch (world.random.nextInt(10)) {
                case 0 ->
                    node.executors.getFirst().execute(() -> {
                        Subscription before = joined.put(id, subscriber.join(group, item, Terms.USUAL));
                        if (before != null) {
                            before.leave();
                        }
                    });
                case 1, 2, 3 -> crowd.writer.write(group);
                case 4 -> client.read(outbox, subscriber, node);
                default -> world.tasks.step();
            }
        }
        do {
            world.tasks.finish();
        } while (client.read(outbox, subscriber, node));
        assertThat(client.group).isEqualTo(values(world, group));
        if (outbox.refusals == 0) { // two that fall behind at different places catch up on their own
            assertThat(client.events).doesNotHaveDuplicates();
        }
    }

    private static Map<String, String> values(World world, Group group) {
        Map<String, String> values = new TreeMap<>();
        world.partition(group).store.forEach((key, frame) -> {
            if (key.group().equals(group)) {
                values.put(
                        key.address().name(),
                        frame.tree().path("event").path("data").toString());
            }
        });
        return values;
    }
}
