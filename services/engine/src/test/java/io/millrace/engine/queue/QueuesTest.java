package io.millrace.engine.queue;

import static io.millrace.engine.queue.QueueWorld.OK;
import static io.millrace.engine.queue.QueueWorld.THROWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.function.Provider;
import io.millrace.engine.port.QueueLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class QueuesTest {
    private static final QueueSettings FIFO =
            new QueueSettings(QueueSettings.Order.FIFO, "account", 3, 10, Duration.ofSeconds(1));

    private final QueueWorld world = new QueueWorld(Map.of(
            "payments", FIFO, "slow", new QueueSettings(QueueSettings.Order.STANDARD, null, 3, 2, Duration.ZERO)));

    @Test
    void aMessageIsCalledWithExactlyItsData() {
        world.serve("work", OK);

        assertThat(world.result(
                        "engine::queue::enqueue",
                        "{'queue':'q','function_id':'work','data':{'x':[1]},'messageReceiptId':'r-1'}"))
                .isEqualTo("{'messageReceiptId':'r-1'}");

        assertThat(world.data()).containsExactly("work {\"x\":[1]}");
        assertThat(world.calls.getFirst().context()).isEqualTo(new Invocation.Context("00-t", "k=v", null, null));
        assertThat(world.calls.getFirst().deadline())
                .isEqualTo(world.time.instant().plusSeconds(300));
        assertThat(world.kafka.places()).containsEntry("queue.q", 1L);
    }

    @Test
    void whoGivesNoReceiptGetsOne() {
        assertThat(world.result("engine::queue::enqueue", "{'queue':'q','function_id':'work','data':null}"))
                .isEqualTo("{'messageReceiptId':'00000000-0000-0000-0000-000000000001'}");
    }

    @Test
    void aFailureIsTriedAgainAfterLongerAndLongerAndThenADeadLetter() {
        world.serve("work", THROWN);
        world.enqueue("q", "work", "1");

        assertThat(world.calls).hasSize(1);
        world.time.pass(Duration.ofSeconds(1));
        assertThat(world.calls).hasSize(2);
        world.time.pass(Duration.ofMillis(1_999));
        assertThat(world.calls).hasSize(2);
        world.time.pass(Duration.ofMillis(1));
        assertThat(world.calls).hasSize(3);
        world.time.pass(Duration.ofHours(1));

        assertThat(world.calls).hasSize(3);
        assertThat(world.result("engine::queue::dlq_topics", "{}"))
                .isEqualTo("[{'topic':'q','broker_type':'kafka','message_count':1}]");
    }

    @Test
    void fifoKeepsOneGroupInOrderAndNeverHoldsUpAnother() {
        world.serve("pay", THROWN, OK);
        world.enqueue("payments", "pay", "{'account':'a','n':1}");
        world.enqueue("payments", "pay", "{'account':'a','n':2}");
        world.enqueue("payments", "pay", "{'account':7,'n':3}");

        assertThat(world.data()).containsExactly("pay {\"account\":\"a\",\"n\":1}", "pay {\"account\":7,\"n\":3}");
        world.time.pass(Duration.ofSeconds(1));
        assertThat(world.data())
                .containsSubsequence(
                        "pay {\"account\":\"a\",\"n\":1}",
                        "pay {\"account\":\"a\",\"n\":1}",
                        "pay {\"account\":\"a\",\"n\":2}");
    }

    @Test
    void fifoWantsItsGroup() {
        assertThat(world.call("engine::queue::enqueue", "{'queue':'payments','function_id':'pay','data':{}}"))
                .isEqualTo(new Outcome.Failure(
                        "message_group_missing", "FIFO queue 'payments' requires field 'account' in data"));
        assertThat(world.call(
                        "engine::queue::enqueue", "{'queue':'payments','function_id':'pay','data':{'account':null}}"))
                .isEqualTo(new Outcome.Failure(
                        "message_group_missing", "FIFO queue 'payments': field 'account' must not be null"));
    }

    @Test
    void noMoreThanSoManyAreUnderWay() {
        List<CompletableFuture<Outcome>> answers = new ArrayList<>();
        world.serve("work", invocation -> {
            CompletableFuture<Outcome> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        });
        for (int i = 0; i < 5; i++) {
            world.enqueue("slow", "work", "" + i);
        }

        assertThat(answers).hasSize(2);
        answers.get(1).complete(OK);
        assertThat(answers).hasSize(3);
        answers.getFirst().complete(OK);
        answers.get(2).complete(OK);
        assertThat(answers).hasSize(5);
    }

    @Test
    void aFunctionThatIsAwayUsesUpNoAttemptsAndHoldsNobodyUp() {
        world.serve("here", OK);
        for (int i = 0; i < 300; i++) {
            world.enqueue("q", "away", "" + i);
        }
        world.time.pass(Duration.ofSeconds(11));
        world.enqueue("q", "here", "1");
        world.time.pass(Duration.ofHours(1));
        assertThat(world.data()).containsExactly("here 1");
        assertThat(world.kafka.places()).containsEntry("queue.q", 301L);

        world.serve("away", OK);
        world.time.pass(Duration.ofSeconds(1));

        assertThat(world.calls).hasSize(301);
        assertThat(world.result("engine::queue::dlq_topics", "{}")).isEqualTo("[]");
    }

    @Test
    void aFunctionThatComesBackSoonIsCalledAtOnce() {
        Provider worker = world.serve("work", OK);
        world.functions.cease(worker, "work");
        world.enqueue("q", "work", "1");
        world.time.pass(Duration.ofSeconds(3));

        world.serve("work", OK);
        world.time.pass(Duration.ZERO);

        assertThat(world.data()).containsExactly("work 1");
        assertThat(world.kafka.topic("queue-waiting")).isEmpty();
    }

    @Test
    void aFunctionThatIsAwayForTooLongIsADeadLetterOfItsQueue() {
        world.enqueue("q", "away", "1");
        world.enqueue("payments", "away", "{'account':1}");

        world.time.pass(Duration.ofHours(25));

        assertThat(world.result("engine::queue::dlq_topics", "{}"))
                .isEqualTo("[{'topic':'payments','broker_type':'kafka','message_count':1},"
                        + "{'topic':'q','broker_type':'kafka','message_count':1}]");
    }

    @Test
    void anotherNodesQueueIsWorkedOffAndWhatWaitsOutlivesANode() {
        world.enqueue("q", "away", "1");
        world.time.pass(Duration.ofSeconds(30));
        assertThat(world.kafka.topic("queue-waiting")).hasSize(1);
        world.stop();

        QueueWorld next = new QueueWorld(Map.of(), world.time, world.kafka);
        world.serve("away", OK);
        next.serve("away", OK);
        next.time.pass(Duration.ofSeconds(31));

        assertThat(next.data()).containsExactly("away 1");
        assertThat(world.data()).isEmpty();
    }

    @Test
    void whatSomebodyElseHasWrittenAndIsNoJsonIsADeadLetterThatCanBeRead() {
        world.serve("work", OK);
        world.enqueue("q", "work", "1");
        world.kafka
                .append(
                        QueueLog.Kind.QUEUE,
                        "queue.q",
                        null,
                        new QueueLog.Entry(
                                Json.ofTrusted("{oh".getBytes(StandardCharsets.UTF_8)),
                                Map.of("millrace-function-id", "work")))
                .toCompletableFuture()
                .join();

        assertThat(world.data()).containsExactly("work 1");
        assertThat(world.result("engine::queue::dlq_messages", "{'topic':'q'}"))
                .contains("'payload':'{oh'", "'error':'malformed_message: the message is no JSON'");
    }

    @Test
    void whatIsNoQueueOrNoMessageIsRefused() {
        assertThat(world.call("engine::queue::enqueue", "{'queue':'','function_id':'f','data':1}"))
                .isEqualTo(new Outcome.Failure("queue_not_set", "Queue is not set"));
        assertThat(world.call(
                        "engine::queue::enqueue", "{'queue':'" + "x".repeat(200) + "','function_id':'f','data':1}"))
                .isInstanceOfSatisfying(
                        Outcome.Failure.class,
                        failure -> assertThat(failure.code()).isEqualTo("invalid_queue"));
        assertThat(world.call("engine::queue::enqueue", "{'queue':'q','data':1}"))
                .isEqualTo(new Outcome.Failure(
                        "deserialization_error",
                        "Failed to deserialize input for engine::queue::enqueue: missing field `function_id`"));
        assertThat(world.call("engine::queue::topic_stats", "{'topic':'nowhere'}"))
                .isEqualTo(new Outcome.Failure("queue_not_found", "Queue 'nowhere' not found"));
    }

    @Test
    void namesAreSafeAndComeBackAsTheyWere() {
        for (String name : List.of("a", "order-events", "send_email", "a.b", "a_2eb", "grün", "iii::x", "A b/ç")) {
            String safe = SafeName.of(name);
            assertThat(safe).matches("[A-Za-z0-9_-]+");
            assertThat(SafeName.nameOf(String.valueOf(safe))).isEqualTo(name);
        }
        assertThat(SafeName.of("send_email")).isEqualTo("send__email");
        assertThat(SafeName.of("a.b")).isEqualTo("a_2eb");
        assertThat(SafeName.of("")).isNull();
        assertThat(SafeName.nameOf("a_2")).isNull();
        assertThat(SafeName.nameOf("a_61")).isNull();
    }
}
