package io.millrace.engine.queue;

import static io.millrace.engine.queue.QueueWorld.OK;
import static io.millrace.engine.queue.QueueWorld.THROWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.ManualTime;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.peer.MemoryPeers;
import io.millrace.engine.trigger.Binding;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Queues of several nodes over one Kafka. */
class FleetQueuesTest {
    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemoryPeers links = new MemoryPeers(time).immediate();
    private final QueueWorld a = new QueueWorld(Map.of(), time, null, "a", links.node("a"));
    private final QueueWorld b = new QueueWorld(Map.of(), time, a.kafka, "b", links.node("b"));

    private CompletableFuture<Outcome> redriveAtB() {
        return b.functions
                .invoke(new Invocation(
                        "iii::queue::redrive",
                        Json.ofText("{\"queue\":\"q\"}"),
                        time.instant().plusSeconds(30)))
                .toCompletableFuture();
    }

    @Test
    void deadLettersAreSettledByOneNodeOfAll() {
        links.healAll();
        a.serve("work", THROWN);
        b.serve("work", THROWN);
        b.enqueue("q", "work", "{'n':1}");
        time.pass(Duration.ofMinutes(1));

        links.hold("b", "a");
        CompletableFuture<Outcome> asked = redriveAtB();
        assertThat(asked).as("a does it, and knows nothing of it yet").isNotDone();
        assertThat(a.result("iii::queue::redrive", "{'queue':'q'}")).doesNotContain("'redriven':0");
        links.release("b", "a");

        assertThat(asked).isCompletedWithValue(new Outcome.Result(Json.ofText("{\"queue\":\"q\",\"redriven\":0}")));
    }

    @Test
    void whoseOutcomeIsUnknownIsTriedAgainByTheCaller() {
        links.healAll();
        links.hold("b", "a");
        CompletableFuture<Outcome> asked = redriveAtB();
        links.cut("a", "b");
        assertThat(asked.join()).isInstanceOf(Outcome.Failure.class);
        assertThat(redriveAtB().join()).as("b is the first now").isInstanceOf(Outcome.Result.class);
    }

    @Test
    void aNodeWithoutQueuesLeavesItToTheNext() {
        links.node("0");
        links.healAll();
        assertThat(redriveAtB().join()).isInstanceOf(Outcome.Result.class);
    }

    @Test
    void subscribersAndConsumersOfAllNodesAreCounted() {
        links.healAll();
        a.triggers.register(
                new Binding("t1", "durable:subscriber", "f", Json.ofText("{\"topic\":\"news\"}"), null, "w"));
        b.triggers.register(
                new Binding("t2", "durable:subscriber", "g", Json.ofText("{\"topic\":\"news\"}"), null, "w"));
        b.enqueue("q", "work", "1");

        assertThat(a.result("engine::queue::list_topics", "{}"))
                .isEqualTo("[{'name':'news','broker_type':'kafka','subscriber_count':2},"
                        + "{'name':'q','broker_type':'kafka','subscriber_count':1}]");
        assertThat(a.result("engine::queue::topic_stats", "{'topic':'news'}")).contains("'consumer_count':2");
        assertThat(a.result("engine::queue::topic_stats", "{'topic':'q'}"))
                .as("a has not found that queue yet")
                .contains("'consumer_count':1");
    }

    @Test
    void whatAnotherNodeHasPutAsideIsLookedAfterWhenThatNodeIsGone() {
        a.enqueue("q", "absent", "7");
        time.pass(Duration.ofSeconds(25));
        assertThat(a.kafka.topic("queue-waiting")).isNotEmpty();
        a.stop();

        b.serve("absent", OK);
        time.pass(Duration.ofMinutes(1));

        assertThat(b.data()).containsOnly("absent 7");
    }
}
