package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.change.Frames;
import io.millrace.core.value.Json;
import io.millrace.engine.write.UnavailableException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ProvidedSnapshotsTest {
    private static final Group TODOS = new Group("todo", "all");
    private static final Group OURS = new Group("chat", "all");

    private final World world = new World(1, 1);
    private final Feeds feeds = world.feeds(FeedsConfig.defaults());
    private final Lane lane = feeds.lane(world.tasks.executor());
    private final RecordingOutbox outbox = new RecordingOutbox();
    private final Subscriber subscriber = lane.subscriber(outbox, Form.MESSAGE);
    private final Queue<CompletableFuture<Json>> asked = new ArrayDeque<>();

    ProvidedSnapshotsTest() {
        world.provided = (group, itemId, deadline) -> {
            if (!group.equals(TODOS)) {
                return null;
            }
            CompletableFuture<Json> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        };
    }

    private static Json list(String values) {
        return Frames.groupSync(TODOS, Json.ofText(values), 1);
    }

    @Test
    void theProvidersSnapshotComesFirstThenAllThatWasToldSinceTheJoin() {
        world.set(TODOS, "before", "1");
        subscriber.join(TODOS, null, Terms.USUAL);
        world.tasks.settle();
        world.send(TODOS, null, "held");
        world.tasks.settle();
        assertThat(outbox.frames).isEmpty();
        asked.remove().complete(list("[7]"));
        world.tasks.settle();
        world.send(TODOS, null, "live");
        world.tasks.settle();
        world.set(TODOS, "ours", "2");
        world.tasks.settle();
        assertThat(outbox.said()).containsExactly("sync [7]", "event held", "event live", "create 2");
        assertThat(world.reads.cuts).isZero();
    }

    @Test
    void aProviderThatFailsIsAskedAgain() {
        subscriber.join(TODOS, null, Terms.USUAL);
        world.tasks.settle();
        asked.remove().completeExceptionally(new UnavailableException("away"));
        world.tasks.settle();
        world.tasks.nextTimer();
        world.tasks.settle();
        asked.remove().complete(list("[]"));
        world.tasks.settle();
        assertThat(outbox.said()).containsExactly("sync []");
        assertThat(world.failures).isEqualTo(1);
    }

    @Test
    void manyWhoAskAtOnceShareASnapshot() {
        for (int i = 0; i < 1_000; i++) {
            lane.subscriber(new RecordingOutbox(), Form.MESSAGE).join(TODOS, null, Terms.USUAL);
        }
        world.tasks.settle();
        assertThat(asked).hasSize(1);
        asked.remove().complete(list("[]"));
        world.tasks.settle();
        assertThat(asked).hasSize(1);
        assertThat(world.encodings).isEqualTo(1);
    }

    @Test
    void otherStreamsAreCutAsEver() {
        world.set(OURS, "a", "1");
        subscriber.join(OURS, null, Terms.USUAL);
        world.tasks.settle();
        assertThat(outbox.said()).containsExactly("sync [1]");
        assertThat(asked).isEmpty();
    }
}
