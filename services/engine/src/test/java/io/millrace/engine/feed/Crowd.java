package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.address.Space;
import io.millrace.core.change.Current;
import io.millrace.core.change.Frames;
import io.millrace.engine.feed.RecordingOutbox.Frame;
import io.millrace.engine.port.Tail.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Sockets on several lanes that come and go while somebody writes, and what each of them must have got. */
final class Crowd {
    static final List<Group> GROUPS =
            List.of(new Group("s", "a"), new Group("s", "b"), new Group("t", "a"), new Group("t", ""));
    private static final FeedsConfig CONFIG = new FeedsConfig(
            1 << 11,
            1_000,
            Duration.ofHours(1),
            1 << 20,
            2,
            Duration.ofSeconds(1),
            Duration.ofMillis(10),
            Duration.ofMillis(80),
            Duration.ofMillis(20));

    final World world;
    final List<Lane> lanes = new ArrayList<>();
    final List<Executor> executors = new ArrayList<>();
    private final List<Visitor> visitors = new ArrayList<>();
    private final List<Visit> visits = new ArrayList<>();
    private int written;

    Crowd(long seed, int size) {
        world = new World(seed, 2);
        world.reads.failsOneIn = 5;
        world.tail.broken = 1;
        Feeds feeds = world.feeds(CONFIG);
        for (int i = 0; i < 3; i++) {
            executors.add(world.tasks.executor());
            lanes.add(feeds.lane(executors.get(i)));
        }
        for (int i = 0; i < size; i++) {
            visitors.add(new Visitor(i % lanes.size()));
        }
    }

    /** One thing happens: a join, a leave, a write, or some of the work that is waiting. */
    void live() {
        act(visitors.get(world.random.nextInt(visitors.size())));
    }

    void check() {
        visits.forEach(Visit::check);
        assertThat(world.reads.open).as("open cuts").isZero();
    }

    private void act(Visitor visitor) {
        switch (world.random.nextInt(12)) {
            case 0 -> visitor.onLane(visitor::join);
            case 1 -> visitor.onLane(visitor::leave);
            case 2 -> world.tasks.nextTimer();
            case 3, 4, 5 -> write(anyGroup());
            default -> {
                for (int i = 0; i < 3; i++) {
                    world.tasks.step();
                }
            }
        }
    }

    /** Mostly the same, so that many meet there. */
    private Group anyGroup() {
        return GROUPS.get(Math.min(world.random.nextInt(GROUPS.size()), world.random.nextInt(GROUPS.size())));
    }

    void write(Group group) {
        String item = "i" + world.random.nextInt(3);
        int number = ++written;
        switch (world.random.nextInt(6)) {
            case 0 -> world.delete(group, item);
            case 1 -> world.send(group, world.random.nextBoolean() ? null : item, "e" + number);
            default -> world.set(group, item, "{\"id\":\"" + item + "\",\"n\":" + number + "}");
        }
    }

    Map<String, JsonNode> values(Group group) {
        Map<String, JsonNode> values = new TreeMap<>();
        world.partition(group).store.forEach((key, frame) -> {
            if (key.group().equals(group)
                    && Frames.current(Space.STREAM, frame.utf8()) instanceof Current.Present present) {
                values.put(
                        present.value().tree().path("id").asString(),
                        present.value().tree());
            }
        });
        return values;
    }

    /** A socket that has one subscription at a time and always joins under the same id. */
    private final class Visitor {
        private final int lane;
        private final RecordingOutbox outbox = new RecordingOutbox();
        private final Subscriber subscriber;
        private @Nullable Visit visit;

        Visitor(int lane) {
            this.lane = lane;
            subscriber = lanes.get(lane).subscriber(outbox, Form.MESSAGE);
        }

        void onLane(Runnable task) {
            executors.get(lane).execute(task);
        }

        void leave() {
            if (visit != null) {
                visit.end();
                visit = null;
            }
        }

        void join() {
            leave();
            Group group = anyGroup();
            String item = world.random.nextBoolean() ? null : "i" + world.random.nextInt(3);
            visit = new Visit(this, group, item);
            visits.add(visit);
        }
    }

    /** One subscription from join to leave, and what came meanwhile. */
    private final class Visit {
        private final Visitor visitor;
        private final Group group;
        private final @Nullable String item;
        private final int from;
        private final Subscription subscription;
        private int to = -1;

        Visit(Visitor visitor, Group group, @Nullable String item) {
            this.visitor = visitor;
            this.group = group;
            this.item = item;
            from = visitor.outbox.frames.size();
            subscription = visitor.subscriber.join(group, item, Terms.USUAL);
        }

        void end() {
            subscription.leave();
            to = visitor.outbox.frames.size();
        }

        void check() {
            boolean stayed = to < 0;
            List<Frame> got = visitor.outbox.frames.subList(from, stayed ? visitor.outbox.frames.size() : to);
            if (stayed) {
                assertThat(visitor.outbox.flushed).as("flushed").isEqualTo(visitor.outbox.frames.size());
                assertThat(got).as("a snapshot at least").isNotEmpty();
            }
            if (got.isEmpty()) {
                return;
            }
            assertThat(got.getFirst().isSync()).as("the snapshot comes first").isTrue();
            List<Frame> live = got.subList(1, got.size());
            assertThat(live).as("one snapshot only").noneMatch(Frame::isSync);
            checkChanges(
                    got.getFirst(),
                    live.stream().filter(f -> !f.kind().equals("event")).toList(),
                    stayed);
            checkEvents(
                    live.stream().filter(frame -> frame.kind().equals("event")).toList(), stayed);
        }

        private void checkChanges(Frame sync, List<Frame> live, boolean stayed) {
            TreeMap<String, JsonNode> view = new TreeMap<>();
            List<String> after = new ArrayList<>();
            for (Told change : world.partition(group).changes) {
                Frame frame = new Frame(false, change.frame());
                boolean mine = change.key().group().equals(group)
                        && (item == null || change.key().address().name().equals(item));
                if (!mine) {
                    continue;
                }
                if (frame.timestampMs() > sync.timestampMs()) {
                    after.add(change.frame().toString());
                } else if (frame.kind().equals("delete")) {
                    view.remove(change.key().address().name());
                } else {
                    view.put(
                            change.key().address().name(),
                            frame.json().tree().path("event").path("data"));
                }
            }
            JsonNode data = sync.json().tree().path("event").path("data");
            if (item == null) {
                assertThat(data).as("snapshot").hasSameElementsAs(view.values());
                assertThat(data).as("snapshot").hasSize(view.size());
            } else {
                assertThat(data.isNull() ? null : data).as("snapshot").isEqualTo(view.get(item));
            }
            List<String> got =
                    live.stream().map(frame -> frame.json().toString()).toList();
            List<String> expected = stayed ? after : after.subList(0, Math.min(got.size(), after.size()));
            assertThat(got)
                    .as("changes of %s %s after the snapshot", group, item)
                    .isEqualTo(expected);
        }

        private void checkEvents(List<Frame> live, boolean stayed) {
            List<String> sent = world.partition(group).events.stream()
                    .filter(told -> told.key().group().equals(group))
                    .filter(told -> item == null
                            || told.frame().tree().path("id").asString("").equals(item))
                    .map(told -> told.frame().toString())
                    .toList();
            List<String> got =
                    live.stream().map(frame -> frame.json().toString()).toList();
            if (got.isEmpty()) {
                return;
            }
            int first = sent.indexOf(got.getFirst());
            assertThat(first).as("an event of this subscription").isNotNegative();
            List<String> expected = sent.subList(first, stayed ? sent.size() : first + got.size());
            assertThat(got).as("events").isEqualTo(expected);
        }
    }
}
