package io.millrace.engine.queue;

import static io.millrace.engine.queue.QueueWorld.OK;
import static io.millrace.engine.queue.QueueWorld.THROWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Binding;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DurableTopicsTest {
    private final QueueWorld world = new QueueWorld();

    private void subscribe(String id, String functionId, String config) {
        world.triggers
                .register(new Binding(
                        id,
                        "durable:subscriber",
                        functionId,
                        Json.ofText(config.replace('\'', '"')),
                        Json.ofText("{}"),
                        "w"))
                .toCompletableFuture()
                .join();
    }

    private void publish(String data) {
        assertThat(world.call("iii::durable::publish", "{'topic':'orders','data':" + data + "}"))
                .isEqualTo(new Outcome.NoResult());
    }

    @Test
    void everyFunctionGetsEveryMessageOnceHoweverManyTriggersItHas() {
        world.serve("a", OK);
        world.serve("b", OK);
        subscribe("1", "a", "{'topic':'orders'}");
        subscribe("2", "a", "{'topic':'orders'}");
        subscribe("3", "b", "{'topic':'orders'}");

        publish("1");
        publish("2");

        assertThat(world.data()).containsExactlyInAnyOrder("a 1", "a 2", "b 1", "b 2");
        assertThat(world.calls.getFirst().context().metadata()).isNull();
    }

    @Test
    void whatIsPublishedBeforeAnybodySubscribesWaitsForTheFirstAndNotForTheSecond() {
        world.serve("a", OK);
        world.serve("b", OK);
        publish("1");

        subscribe("1", "a", "{'topic':'orders'}");
        subscribe("2", "b", "{'topic':'orders'}");
        publish("2");

        assertThat(world.data()).containsExactlyInAnyOrder("a 1", "a 2", "b 2");
    }

    @Test
    void whoIsAwayMissesNothingAndWhoUnregistersIsForgotten() {
        world.serve("a", OK);
        world.serve("b", OK);
        subscribe("1", "a", "{'topic':'orders'}");
        subscribe("2", "b", "{'topic':'orders'}");
        world.triggers.workerGone("w");
        publish("1");
        assertThat(world.calls).isEmpty();

        subscribe("1", "a", "{'topic':'orders'}");
        assertThat(world.data()).containsExactly("a 1");
        world.triggers.unregister("1");

        assertThat(world.kafka.places().keySet()).containsExactly("durable.orders.b");
    }

    @Test
    void retriesComeOnTopOfTheFirstTime() {
        world.serve("a", THROWN);
        subscribe("1", "a", "{'topic':'orders','queue_config':{'maxRetries':1,'backoffDelayMs':10}}");

        publish("1");
        world.time.pass(Duration.ofMinutes(1));

        assertThat(world.calls).hasSize(2);
        assertThat(world.result("engine::queue::topic_stats", "{'topic':'orders'}"))
                .isEqualTo("{'depth':0,'consumer_count':1,'dlq_depth':1,'config':null}");
    }

    @Test
    void fifoIsOneAfterAnother() {
        world.serve("a", THROWN, OK);
        subscribe("1", "a", "{'topic':'orders','queue_config':{'type':'fifo'}}");

        publish("1");
        publish("2");
        assertThat(world.data()).containsExactly("a 1");
        world.time.pass(Duration.ofSeconds(1));

        assertThat(world.data()).containsExactly("a 1", "a 1", "a 2");
    }

    @Test
    void aConditionSaysWhetherAndOneThatFailsIsAFailedAttempt() {
        world.serve("a", OK);
        world.serve(
                "even",
                invocation -> CompletableFuture.completedStage(
                        invocation.payload().tree().isInt()
                                ? new Outcome.Result(Json.ofText(
                                        "" + (invocation.payload().tree().intValue() % 2 == 0)))
                                : THROWN));
        subscribe("1", "a", "{'topic':'orders','condition_function_id':'even'}");

        publish("1");
        publish("2");
        publish("'x'");
        world.time.pass(Duration.ofMinutes(1));

        assertThat(world.data()).contains("a 2").doesNotContain("a 1");
        assertThat(world.result("engine::queue::dlq_messages", "{'topic':'orders'}"))
                .contains("'payload':'x'", "'retries':3");
    }

    @Test
    void whatIsNoSubscriptionOrMessageIsRefused() {
        assertThatThrownBy(() -> subscribe("1", "a", "{}")).hasMessageContaining("topic is required");
        assertThatThrownBy(() -> subscribe("1", "a", "{'topic':'t','queue_config':{'maxRetries':-1}}"))
                .hasMessageContaining("queue_config.maxRetries must be a whole number");
        assertThat(world.call("iii::durable::publish", "{'topic':'','data':1}"))
                .isEqualTo(new Outcome.Failure("topic_not_set", "Topic is not set"));
    }

    @Test
    void queuesAndTopicsAreListed() {
        subscribe("1", "a", "{'topic':'orders'}");
        world.enqueue("q", "a", "1");

        assertThat(world.result("engine::queue::list_topics", "{}"))
                .isEqualTo("[{'name':'orders','broker_type':'kafka','subscriber_count':1},"
                        + "{'name':'q','broker_type':'kafka','subscriber_count':1}]");
    }
}
