package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.change.Change;
import io.millrace.core.change.Frames;
import io.millrace.core.value.Json;
import io.millrace.engine.write.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Somebody else keeps the items and tells its changes as events: whoever follows ends up with what it holds. */
class ProvidedSimulationTest {
    private static final Group GROUP = new Group("s", "a");
    private static final FeedsConfig CONFIG = FeedsConfig.of(16 << 10, 1_000, Duration.ofHours(1));

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whoeverFollowsEndsUpWithWhatTheProviderHolds(long seed) {
        World world = new World(seed, 1);
        world.history.failsOneIn = 5;
        Provider provider = new Provider(world);
        world.provided = provider;
        SimulatedNode node = new SimulatedNode(world, CONFIG);
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            followers.add(new Follower(world));
        }
        for (int round = 0; round < 1_000; round++) {
            int chance = world.random.nextInt(200);
            Follower follower = followers.get(world.random.nextInt(followers.size()));
            if (chance < 40) {
                provider.write();
            } else if (chance < 70) {
                follower.act(node);
            } else if (chance < 72) {
                node.kill();
                node = new SimulatedNode(world, CONFIG);
            } else if (chance < 80) {
                world.tasks.nextTimer(Duration.ofMillis(100));
            } else {
                world.tasks.step();
            }
        }
        boolean happened = true;
        while (happened) {
            world.tasks.finish();
            happened = false;
            for (Follower follower : followers) {
                happened |= follower.settle(node);
            }
        }
        assertThat(followers).allSatisfy(follower -> assertThat(follower.view).isEqualTo(provider.items));
    }

    /** Keeps items, hands them over some time later, and tells each change once it is made. */
    private static final class Provider implements ProvidedSnapshots {
        private final World world;
        private final Map<String, String> items = new TreeMap<>();
        private int written;

        Provider(World world) {
            this.world = world;
        }

        void write() {
            world.tasks.pass(Duration.ofMillis(3));
            String id = "i" + world.random.nextInt(3);
            String value = "{\"id\":\"" + id + "\",\"n\":" + ++written + "}";
            boolean deletes = items.containsKey(id) && world.random.nextInt(4) == 0;
            String before = deletes ? items.remove(id) : items.put(id, value);
            Change.Kind kind =
                    deletes ? Change.Kind.DELETED : before == null ? Change.Kind.CREATED : Change.Kind.UPDATED;
            Json told = Json.ofText(deletes && before != null ? before : value);
            world.tell(GROUP, Frames.provided(GROUP, id, kind, told, world.tasks.nowMs()));
        }

        @Override
        public CompletionStage<Json> sync(Group group, @Nullable String itemId, Instant deadline) {
            CompletableFuture<Json> answer = new CompletableFuture<>();
            world.tasks.loose(() -> {
                if (world.random.nextInt(5) == 0) {
                    answer.completeExceptionally(new UnavailableException("away"));
                    return;
                }
                Json all = Json.ofText("[" + String.join(",", items.values()) + "]");
                Json frame = Frames.groupSync(group, all, world.tasks.nowMs());
                world.tasks.loose(() -> answer.complete(frame));
            });
            return answer;
        }
    }

    /** Follows the group through many connections; half of them with cursors, which then need no second snapshot. */
    private static final class Follower {
        private final World world;
        private final boolean cursors;
        private final Map<String, String> view = new TreeMap<>();
        private @Nullable Session session;
        private @Nullable String cursor;
        private long lastEvent;

        Follower(World world) {
            this.world = world;
            cursors = world.random.nextBoolean();
        }

        void act(SimulatedNode node) {
            Session open = session;
            if (open == null || !open.node.isAlive()) {
                connect(node);
            } else if (world.random.nextInt(10) == 0) {
                open.node.executors.get(open.lane).execute(open.subscription::leaveIt);
                session = null;
            } else {
                read(open);
            }
        }

        private void connect(SimulatedNode node) {
            int lane = world.random.nextInt(node.lanes.size());
            NarrowOutbox outbox = new NarrowOutbox(world.random.nextBoolean() ? 1 << 24 : 1_000, false);
            Subscriber subscriber = node.lanes.get(lane).subscriber(outbox, Form.MESSAGE);
            Joined joined = new Joined();
            session = new Session(node, lane, outbox, subscriber, joined);
            String with = cursor;
            node.executors
                    .get(lane)
                    .execute(() -> joined.subscription =
                            subscriber.join(GROUP, null, new Terms(Mode.Every.EVERY, cursors, with)));
        }

        private boolean read(Session open) {
            boolean read = false;
            for (byte[] wire = open.outbox.take(); wire != null; wire = open.outbox.take()) {
                heard(Heard.of(wire));
                read = true;
            }
            if (open.outbox.hasRoomAgain()) {
                open.node.executors.get(open.lane).execute(open.subscriber::roomAgain);
            }
            return read;
        }

        private void heard(Heard heard) {
            String id = heard.tree().path("id").asString("");
            switch (heard.kind()) {
                case "sync" -> {
                    assertThat(cursor == null || lastEvent < 0)
                            .as("a snapshot is needed")
                            .isTrue();
                    view.clear();
                    heard.data().forEach(item -> view.put(text(item), item.toString()));
                }
                case "reset" -> lastEvent = -1;
                case "delete" -> view.remove(id);
                case "cursor" -> {}
                default -> view.put(id, heard.data().toString());
            }
            String told = heard.cursor();
            Cursor read = told == null ? null : Cursor.parse(told);
            cursor = told;
            if (read != null && !heard.kind().equals("reset")) {
                boolean sync = heard.isSync();
                long next = read.mark().event();
                long step = heard.kind().equals("cursor") ? 0 : 1;
                assertThat(sync || next == lastEvent + step)
                        .as("event %s after %s", next, lastEvent)
                        .isTrue();
                lastEvent = next;
            }
        }

        private static String text(JsonNode item) {
            return item.path("id").asString();
        }

        boolean settle(SimulatedNode node) {
            Session open = session;
            if (open == null || !open.node.isAlive()) {
                connect(node);
                return true;
            }
            return read(open);
        }
    }

    private record Session(
            SimulatedNode node, int lane, NarrowOutbox outbox, Subscriber subscriber, Joined subscription) {}

    private static final class Joined {
        private @Nullable Subscription subscription;

        void leaveIt() {
            if (subscription != null) {
                subscription.leave();
            }
        }
    }
}
