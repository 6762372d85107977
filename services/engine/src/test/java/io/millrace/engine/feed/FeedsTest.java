package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedsTest {
    private static final Group TODOS = new Group("todo", "all");
    private static final Group OTHERS = new Group("todo", "others");
    private static final FeedsConfig CONFIG = new FeedsConfig(
            1 << 10,
            1_000,
            Duration.ofHours(1),
            1 << 16,
            2,
            Duration.ofSeconds(1),
            Duration.ofMillis(10),
            Duration.ofMillis(80),
            Duration.ofSeconds(5));

    private final World world = new World(1, 1);
    private final Feeds feeds = world.feeds(CONFIG);
    private final Lane lane = feeds.lane(world.tasks.executor());
    private final RecordingOutbox outbox = new RecordingOutbox();
    private final Subscriber subscriber = lane.subscriber(outbox, Form.MESSAGE);

    @Test
    void theSnapshotComesFirstThenEveryChangeAfterIt() {
        world.set(TODOS, "b", "2");
        world.set(TODOS, "a", "1");
        world.set(OTHERS, "a", "9");
        subscriber.join(TODOS, null, Terms.USUAL);
        world.tasks.settle();
        world.set(TODOS, "a", "3");
        world.delete(TODOS, "b");
        world.set(OTHERS, "a", "10");
        world.tasks.settle();
        assertThat(outbox.said()).containsExactly("sync [1,2]", "update 3", "delete 2");
        assertThat(outbox.flushed).isEqualTo(3);
    }

    @Test
    void anItemSubscriptionGetsItsItemOnly() {
        world.set(TODOS, "a", "1");
        world.set(TODOS, "a0", "0");
        subscriber.join(TODOS, "a", Terms.USUAL);
        world.tasks.settle();
        world.set(TODOS, "b", "2");
        world.set(TODOS, "a", "3");
        world.tasks.settle();
        assertThat(outbox.said()).containsExactly("sync 1", "update 3");
    }

    @Test
    void aMissingItemIsNullInItsSnapshot() {
        subscriber.join(TODOS, "a", Terms.USUAL);
        world.tasks.settle();
        world.set(TODOS, "a", "3");
        world.tasks.settle();
        assertThat(outbox.said()).containsExactly("sync null", "create 3");
    }

    @Test
    void anEmptyItemIdIsAnItem() {
        subscriber.join(TODOS, "", Terms.USUAL);
        world.tasks.settle();
        world.set(TODOS, "a", "1");
        world.set(TODOS, "", "2");
        world.tasks.settle();
        assertThat(outbox.said()).containsExactly("sync null", "create 2");
    }

    @Test
    void anEventWithoutAnIdIsForTheGroupOnly() {
        RecordingOutbox items = new RecordingOutbox();
        subscriber.join(TODOS, null, Terms.USUAL);
        lane.subscriber(items, Form.MESSAGE).join(TODOS, "a\n\u00e4", Terms.USUAL);
        world.tasks.settle();
        world.send(TODOS, null, "to all");
        world.send(TODOS, "a\n\u00e4", "to it");
        world.send(TODOS, "b", "to another");
        world.tasks.settle();
        assertThat(outbox.said()).containsExactly("sync []", "event to all", "event to it", "event to another");
        assertThat(items.said()).containsExactly("sync null", "event to it");
    }

    @Test
    void aFrameComesOnceHoweverManySubscriptionsMatch() {
        subscriber.join(TODOS, null, Terms.USUAL);
        subscriber.join(TODOS, null, Terms.USUAL);
        subscriber.join(TODOS, "a", Terms.USUAL);
        world.tasks.settle();
        world.set(TODOS, "a", "1");
        world.send(TODOS, "a", "poke");
        world.tasks.settle();
        assertThat(outbox.said()).hasSize(5).contains("create 1", "event poke");
    }

    @Test
    void nothingComesAfterALeave() {
        Subscription left = subscriber.join(TODOS, null, Terms.USUAL);
        world.tasks.settle();
        left.leave();
        left.leave();
        world.set(TODOS, "a", "1");
        world.tasks.settle();
        assertThat(outbox.said()).containsExactly("sync []");
    }

    @Test
    void aSubscriptionLeftWhileItLoadsGetsNoSnapshot() {
        Subscription left = subscriber.join(TODOS, null, Terms.USUAL);
        assertThat(subscriber.loading()).isEqualTo(1);
        left.leave();
        world.tasks.settle();
        assertThat(outbox.frames).isEmpty();
        assertThat(subscriber.loading()).isZero();
    }

    @Test
    void thoseWhoJoinTogetherShareOneCutAndOneEncoding() {
        List<RecordingOutbox> outboxes = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            outboxes.add(new RecordingOutbox());
            lane.subscriber(outboxes.getLast(), Form.MESSAGE).join(TODOS, null, Terms.USUAL);
        }
        world.tasks.settle();
        assertThat(outboxes).allSatisfy(each -> assertThat(each.said()).containsExactly("sync []"));
        assertThat(world.reads.cuts).isLessThanOrEqualTo(2);
        assertThat(world.encodings).isEqualTo(world.reads.cuts);
    }

    @Test
    void aFrameIsEncodedOnceForAllLanes() {
        Lane other = feeds.lane(world.tasks.executor());
        RecordingOutbox elsewhere = new RecordingOutbox();
        subscriber.join(TODOS, null, Terms.USUAL);
        other.subscriber(elsewhere, Form.MESSAGE).join(TODOS, null, Terms.USUAL);
        world.tasks.settle();
        int before = world.encodings;
        world.set(TODOS, "a", "1");
        world.tasks.settle();
        assertThat(world.encodings).isEqualTo(before + 1);
        assertThat(elsewhere.frames.getLast().json().utf8())
                .isSameAs(outbox.frames.getLast().json().utf8());
    }

    @Test
    void aBatchIsFlushedOnce() {
        subscriber.join(TODOS, null, Terms.USUAL);
        subscriber.join(OTHERS, null, Terms.USUAL);
        world.tasks.settle();
        int before = outbox.flushes;
        for (int i = 0; i < 3; i++) {
            world.set(i == 1 ? OTHERS : TODOS, "a", "1");
        }
        world.tasks.settle();
        assertThat(outbox.frames).hasSize(5);
        assertThat(outbox.flushes - before).isBetween(1, 3);
        assertThat(outbox.flushed).isEqualTo(5);
    }

    @Test
    void anUnavailableOwnerIsAskedAgainUntilItAnswers() {
        world.reads.failsOneIn = 1;
        world.tail.broken = 2;
        subscriber.join(TODOS, null, Terms.USUAL);
        for (int i = 0; i < 6; i++) {
            world.tasks.settle();
            world.tasks.nextTimer();
        }
        assertThat(world.failures).isEqualTo(6);
        assertThat(world.tail.follows).isEqualTo(3);
        assertThat(outbox.frames).isEmpty();
        world.set(TODOS, "a", "1");
        world.reads.failsOneIn = 0;
        world.tasks.settle();
        world.set(TODOS, "a", "2");
        world.tasks.settle();
        assertThat(outbox.said()).containsExactly("sync [1]", "update 2");
    }

    @Test
    void nobodyIsAskedAgainWhenNobodyWaits() {
        world.reads.failsOneIn = 1;
        Subscription left = subscriber.join(TODOS, null, Terms.USUAL);
        world.tasks.settle();
        left.leave();
        int cuts = world.reads.cuts;
        world.tasks.finish();
        assertThat(world.reads.cuts).isEqualTo(cuts);
        assertThat(world.tasks.timers()).isZero();
    }

    @Test
    void tooMuchHeldBackMeansAnotherSnapshot() {
        world.reads.failsOneIn = 1;
        subscriber.join(TODOS, null, Terms.USUAL);
        world.tasks.settle();
        for (int i = 0; i < 20; i++) {
            world.set(TODOS, "item" + i, "\"" + "x".repeat(100) + "\"");
            world.tasks.settle();
        }
        world.reads.failsOneIn = 0;
        world.tasks.nextTimer();
        world.tasks.settle();
        world.set(TODOS, "last", "1");
        world.tasks.settle();
        assertThat(outbox.frames.getFirst().json().tree().path("event").path("data"))
                .hasSize(20);
        assertThat(outbox.said()).hasSize(2).last().isEqualTo("create 1");
    }

    @Test
    void aPartitionIsFollowedForAWhileAfterTheLastLeave() {
        Subscription first = subscriber.join(TODOS, null, Terms.USUAL);
        world.tasks.settle();
        first.leave();
        assertThat(world.tail.follows(0)).isTrue();
        subscriber.join(OTHERS, null, Terms.USUAL).leave();
        world.tasks.finish();
        assertThat(world.tail.follows(0)).isFalse();
        assertThat(world.tail.unfollows).isEqualTo(1);
        subscriber.join(TODOS, null, Terms.USUAL);
        world.tasks.settle();
        world.set(TODOS, "a", "1");
        world.tasks.finish();
        assertThat(outbox.said()).containsExactly("sync []", "sync []", "create 1");
        assertThat(world.tail.follows(0)).isTrue();
    }

    @Test
    void aJoinInTimeKeepsThePartitionFollowed() {
        Subscription first = subscriber.join(TODOS, null, Terms.USUAL);
        world.tasks.settle();
        first.leave();
        subscriber.join(OTHERS, null, Terms.USUAL);
        world.tasks.finish();
        assertThat(world.tail.follows).isEqualTo(1);
        assertThat(world.tail.unfollows).isZero();
    }

    @Test
    void everyCutIsClosed() {
        subscriber.join(TODOS, null, Terms.USUAL);
        subscriber.join(OTHERS, "a", Terms.USUAL);
        world.tasks.finish();
        assertThat(world.reads.cuts).isEqualTo(2);
        assertThat(world.reads.open).isZero();
    }

    @Test
    void closedFeedsFollowNothing() {
        Subscription late = subscriber.join(TODOS, null, Terms.USUAL);
        world.tasks.settle();
        feeds.close();
        world.set(TODOS, "a", "1");
        late.leave();
        subscriber.join(OTHERS, null, Terms.USUAL);
        world.tasks.finish();
        assertThat(world.tail.follows(0)).isFalse();
        assertThat(outbox.said()).containsExactly("sync []");
    }
}
