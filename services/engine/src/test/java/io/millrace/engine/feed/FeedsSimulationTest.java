package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** L6: snapshot and live together have no gap and no duplicate, and the snapshot comes first. */
class FeedsSimulationTest {
    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aSubscriptionSeesTheLogFromItsSnapshotOn(long seed) {
        Crowd crowd = new Crowd(seed, 12);
        for (int round = 0; round < 1_000; round++) {
            crowd.live();
        }
        crowd.world.tasks.finish();
        crowd.check();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anOldClientWithOverlappingSubscriptionsEndsUpWithWhatTheStoreHolds(long seed) {
        Crowd crowd = new Crowd(seed, 1);
        Group group = Crowd.GROUPS.getFirst();
        RecordingOutbox outbox = new RecordingOutbox();
        Subscriber subscriber = crowd.lanes.getFirst().subscriber(outbox, Form.MESSAGE);
        Map<Integer, Subscription> joined = new TreeMap<>();
        crowd.executors.getFirst().execute(() -> joined.put(0, subscriber.join(group, null, Terms.USUAL)));
        for (int round = 0; round < 200; round++) {
            int id = 1 + crowd.world.random.nextInt(3);
            String item = crowd.world.random.nextBoolean() ? null : "i" + crowd.world.random.nextInt(3);
            switch (crowd.world.random.nextInt(8)) {
                case 0 ->
                    crowd.executors.getFirst().execute(() -> {
                        Subscription before = joined.put(id, subscriber.join(group, item, Terms.USUAL));
                        if (before != null) {
                            before.leave();
                        }
                    });
                case 1, 2, 3 -> crowd.write(group);
                default -> crowd.world.tasks.step();
            }
        }
        crowd.world.tasks.finish();
        LegacyClient client = new LegacyClient();
        outbox.frames.forEach(frame -> client.groupFrame(frame.json().tree()));
        assertThat(client.group).isEqualTo(crowd.values(group));
        List<String> events =
                outbox.said().stream().filter(said -> said.startsWith("event")).toList();
        assertThat(events).doesNotHaveDuplicates();
    }
}
