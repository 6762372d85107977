package io.millrace.engine.queue;

import static io.millrace.engine.queue.QueueWorld.OK;
import static io.millrace.engine.queue.QueueWorld.THROWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.TopicPartition;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LettersTest {
    private final QueueWorld world = new QueueWorld();

    private void fail(String queue, int messages) {
        world.serve("work", THROWN);
        for (int i = 0; i < messages; i++) {
            world.enqueue(queue, "work", "{'n':" + i + "}");
        }
        world.time.pass(Duration.ofMinutes(1));
        world.calls.clear();
    }

    private String firstId(String queue) {
        Matcher id = Pattern.compile("'id':'([^']+)'")
                .matcher(world.result("engine::queue::dlq_messages", "{'topic':'" + queue + "'}"));
        assertThat(id.find()).isTrue();
        return id.group(1);
    }

    @Test
    void deadLettersAreListedInPages() {
        fail("q", 3);

        String all = world.result("engine::queue::dlq_messages", "{'topic':'q'}");
        assertThat(all).contains("'payload':{'n':0}", "'error':'invocation_failed: boom'", "'retries':3");
        assertThat(world.result("engine::queue::dlq_messages", "{'topic':'q','offset':1,'limit':1}"))
                .contains("{'n':1}")
                .doesNotContain("{'n':0}", "{'n':2}");
        assertThat(world.result("engine::queue::dlq_messages", "{'topic':'other'}"))
                .isEqualTo("[]");
        assertThat(world.result("engine::queue::topic_stats", "{'topic':'q'}"))
                .isEqualTo("{'depth':0,'consumer_count':1,'dlq_depth':3,'config':null}");
    }

    @Test
    void whatIsRedrivenIsCalledAgainWithAllItsAttemptsAndIsDeadNoMore() {
        fail("q", 2);
        world.serve("work", OK);

        assertThat(world.result("iii::queue::redrive", "{'queue':'q'}")).isEqualTo("{'queue':'q','redriven':2}");

        assertThat(world.data()).containsExactly("work {\"n\":0}", "work {\"n\":1}");
        assertThat(world.result("iii::queue::redrive", "{'queue':'q'}")).isEqualTo("{'queue':'q','redriven':0}");
        assertThat(world.result("engine::queue::dlq_topics", "{}")).isEqualTo("[]");
    }

    @Test
    void oneLetterCanBeRedrivenAndAnotherThrownAway() {
        fail("q", 2);
        world.serve("work", OK);
        String first = firstId("q");

        assertThat(world.result("iii::queue::discard_message", "{'queue':'q','message_id':'" + first + "'}"))
                .isEqualTo("{'queue':'q','message_id':'" + first + "','redriven':1}");
        String second = firstId("q");
        assertThat(world.result("iii::queue::redrive_message", "{'topic':'q','message_id':'" + second + "'}"))
                .isEqualTo("{'queue':'q','message_id':'" + second + "','redriven':1}");

        assertThat(world.data()).containsExactly("work {\"n\":1}");
        assertThat(world.result("iii::queue::redrive_message", "{'topic':'q','message_id':'" + first + "'}"))
                .endsWith("'redriven':0}");
    }

    @Test
    void whatIsSettledStaysSoWhenANodeStartsAgain() {
        fail("q", 1);
        world.result("iii::queue::discard_message", "{'queue':'q','message_id':'" + firstId("q") + "'}");
        world.stop();

        QueueWorld next = new QueueWorld(Map.of(), world.time, world.kafka);

        assertThat(next.result("iii::queue::redrive", "{'queue':'q'}")).isEqualTo("{'queue':'q','redriven':0}");
    }

    @Test
    void aTriggersLetterGoesToItsFunctionAndIsItsSubscriptionsAgainWhenThatFails() {
        DeadLetter letter = new DeadLetter(
                new DeadLetter.Subject("state", "auto-1"),
                "on-change",
                new TopicPartition("state.changes", 3),
                7,
                5,
                "invocation_failed",
                "boom",
                world.time.instant(),
                Json.ofText("{\"type\":\"state\"}"));
        world.kafka.keep(letter).toCompletableFuture().join();
        world.serve("on-change", THROWN, THROWN, THROWN, OK);

        assertThat(world.result("iii::queue::redrive", "{'subscription':'auto-1'}"))
                .isEqualTo("{'queue':'auto-1','redriven':1}");
        world.time.pass(Duration.ofMinutes(1));

        assertThat(world.data()).hasSize(3).containsOnly("on-change {\"type\":\"state\"}");
        assertThat(world.result("engine::queue::dlq_topics", "{}"))
                .isEqualTo("[{'topic':'auto-1','broker_type':'kafka','message_count':1}]");
        world.result("iii::queue::redrive", "{'subscription':'auto-1'}");
        assertThat(world.data()).hasSize(4);
        assertThat(world.result("engine::queue::dlq_topics", "{}")).isEqualTo("[]");
    }
}
