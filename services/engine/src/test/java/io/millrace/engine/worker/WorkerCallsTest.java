package io.millrace.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.worker.FromWorker.Action;
import io.millrace.engine.worker.Town.Resident;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is called, and what callers are told. */
class WorkerCallsTest {
    private static final UUID ONE = new UUID(1, 1);
    private static final Outcome STOPPED = new Outcome.Failure("invocation_stopped", "Invocation stopped");

    private final Town town = new Town();

    private static Outcome result(String json) {
        return new Outcome.Result(Json.ofText(json));
    }

    @Test
    void theFirstThingAWorkerHearsIsWhoItIs() {
        Resident worker = town.connect();
        assertThat(worker.link().sent)
                .containsExactly(new ToWorker.Registered(
                        worker.worker().id(), worker.worker().reattachToken()));
        assertThat(town.heard).containsExactly("connected " + worker.worker().id());
    }

    @Test
    void aCallGoesToTheServingWorkerAndItsAnswerComesBack() {
        Resident callee = town.connect();
        Resident caller = town.connect();
        callee.serves("h::f");
        caller.calls(ONE, "h::f", "{\"a\":1}");
        ToWorker.Invoke called = callee.called();
        assertThat(called.functionId()).isEqualTo("h::f");
        assertThat(called.data()).isEqualTo(Json.ofText("{\"a\":1}"));
        assertThat(called.callerWorkerId()).isEqualTo(caller.worker().id());
        assertThat(called.traceParent()).isEqualTo("trace");
        callee.answers(called.invocationId(), "{\"b\":2}");
        assertThat(caller.link().last(ToWorker.Result.class))
                .isEqualTo(new ToWorker.Result(ONE, "h::f", result("{\"b\":2}"), "trace", "bag"));
    }

    @Test
    void anUnknownFunctionIsNotFound() {
        Resident caller = town.connect();
        caller.calls(ONE, "nobody", "{}");
        assertThat(caller.link().last(ToWorker.Result.class).outcome())
                .isEqualTo(
                        new Outcome.Failure("function_not_found", "Function nobody not found in namespace default."));
    }

    @Test
    void whoWantsNoAnswerGetsNone() {
        town.local("local", invocation -> CompletableFuture.completedStage(result("1")));
        Resident caller = town.connect();
        caller.calls(null, "local", "{}");
        caller.says(new FromWorker.Invoke(ONE, "local", Json.ofText("{}"), new Action.Forget(), null, null, null));
        assertThat(caller.link().got(ToWorker.Result.class)).isEmpty();
    }

    @Test
    void answersMayComeInAnyOrder() {
        Resident callee = town.connect();
        Resident caller = town.connect();
        callee.serves("f");
        caller.calls(new UUID(1, 1), "f", "1");
        UUID first = callee.called().invocationId();
        caller.calls(new UUID(1, 2), "f", "2");
        callee.answers(callee.called().invocationId(), "\"second\"");
        callee.answers(first, "\"first\"");
        assertThat(caller.link().got(ToWorker.Result.class))
                .extracting(ToWorker.Result::outcome)
                .containsExactly(result("\"second\""), result("\"first\""));
    }

    @Test
    void aSecondAnswerAndAnswersToOthersCallsAreIgnored() {
        Resident callee = town.connect();
        Resident stranger = town.connect();
        callee.serves("f");
        CompletableFuture<Outcome> call = town.invoke("f", Instant.MAX);
        UUID id = callee.called().invocationId();
        stranger.answers(id, "\"forged\"");
        assertThat(call).isNotDone();
        callee.answers(id, "1");
        callee.answers(id, "2");
        callee.answers(new UUID(9, 9), "3");
        assertThat(call).isCompletedWithValue(result("1"));
        assertThat(town.heard)
                .filteredOn(said -> said.equals("ignored result of no call"))
                .hasSize(3);
    }

    @Test
    void callsAreSharedAmongThoseWhoServeTheFunction() {
        Resident one = town.connect();
        Resident two = town.connect();
        one.serves("f");
        two.serves("f");
        one.link().congested = false; // it was asked for a sign of life, and has given it
        IntStream.range(0, 10).forEach(i -> town.invoke("f", Instant.MAX));
        assertThat(one.timesCalled()).isEqualTo(5);
        assertThat(two.timesCalled()).isEqualTo(5);
        one.link().got(ToWorker.Invoke.class).forEach(call -> one.answers(call.invocationId(), "1"));
        IntStream.range(0, 5).forEach(i -> town.invoke("f", Instant.MAX));
        assertThat(one.timesCalled()).as("it is the one that is free").isEqualTo(10);
    }

    @Test
    void whoDoesNotTakeWhatItIsSentIsPassedOver() {
        Resident slow = town.connect();
        Resident quick = town.connect();
        slow.serves("f");
        quick.serves("f");
        slow.link().congested = true;
        IntStream.range(0, 10).forEach(i -> town.invoke("f", Instant.MAX));
        assertThat(slow.timesCalled()).isZero();
        assertThat(quick.timesCalled()).isEqualTo(10);
    }

    @Test
    void aDeadWorkersCallsAreStoppedAndFurtherOnesGoToTheOthers() {
        Resident dying = town.connect();
        Resident other = town.connect();
        dying.serves("f");
        CompletableFuture<Outcome> call = town.invoke("f", Instant.MAX);
        other.serves("f");
        dying.worker().disconnected();
        dying.worker().disconnected();
        assertThat(call).isCompletedWithValue(STOPPED);
        town.invoke("f", Instant.MAX);
        assertThat(other.timesCalled()).isEqualTo(1);
        other.worker().disconnected();
        assertThat(town.functions.isAvailable("f")).isFalse();
        assertThat(town.workers.all()).isEmpty();
        assertThat(town.heard)
                .filteredOn(said -> said.startsWith("disconnected"))
                .hasSize(2);
    }

    @Test
    void aCallThatReachesADeadWorkerIsStoppedToo() {
        Resident dying = town.connect();
        dying.serves("f");
        var provider = town.functions.services("f").getFirst().provider();
        dying.worker().disconnected();
        var call = provider.call(new io.millrace.engine.function.Invocation("f", Json.NULL, Instant.MAX));
        assertThat(call).isCompletedWithValue(STOPPED);
        assertThat(dying.worker().inFlight()).isZero();
    }

    @Test
    void whoIsLateMissesTheDeadline() {
        Resident callee = town.connect();
        callee.serves("f");
        CompletableFuture<Outcome> call = town.invoke("f", Town.NOW.plusSeconds(3));
        assertThat(town.alarms.getLast().delay).isEqualTo(Duration.ofSeconds(3));
        town.alarms.getLast().ring();
        assertThat(call)
                .isCompletedWithValue(new Outcome.Failure("TIMEOUT", "invocation timed out after 3000ms", true, null));
        callee.answers(callee.called().invocationId(), "1");
        assertThat(callee.worker().inFlight()).isZero();
    }

    @Test
    void aTimelyAnswerNeedsNoAlarm() {
        Resident callee = town.connect();
        callee.serves("f");
        town.invoke("f", Town.NOW.plusSeconds(3));
        callee.answers(callee.called().invocationId(), "1");
        assertThat(town.alarms.getLast().cancelled).isTrue();
    }

    @Test
    void aWorkerWithTooManyCallsUnansweredGetsNoMore() {
        Town small = new Town(new WorkerLimits(10, 10, 2, Duration.ofSeconds(1)));
        Resident callee = small.connect();
        callee.serves("f");
        small.invoke("f", Instant.MAX);
        small.invoke("f", Instant.MAX);
        assertThat(small.invoke("f", Instant.MAX).join()).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo("worker_overloaded");
            assertThat(failure.retriable()).isTrue();
        });
        callee.answers(callee.called().invocationId(), "1");
        assertThat(small.invoke("f", Instant.MAX)).isNotDone();
    }

    @Test
    void aFunctionThatThrowsFailsItsCallerAndNobodyElse() {
        town.local("throws", invocation -> {
            throw new IllegalStateException("a bug");
        });
        town.local("fails", invocation -> CompletableFuture.failedStage(new IllegalStateException("a bug")));
        Resident caller = town.connect();
        caller.calls(ONE, "throws", "{}");
        caller.calls(ONE, "fails", "{}");
        assertThat(caller.link().got(ToWorker.Result.class))
                .extracting(answer -> ((Outcome.Failure) answer.outcome()).code())
                .containsExactly("internal_error", "internal_error");
        assertThat(town.heard).contains("broken throws", "broken fails");
    }

    @Test
    void aQueuedCallIsHandedToTheQueueWithAReceiptToGive() {
        Resident caller = town.connect();
        FromWorker queued = new FromWorker.Invoke(
                ONE, "later", Json.ofText("{\"a\":1}"), new Action.Enqueue("jobs"), "trace", null, null);
        caller.says(queued);
        assertThat(caller.link().last(ToWorker.Result.class).outcome())
                .isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                    assertThat(failure.code()).isEqualTo("enqueue_error");
                    assertThat(failure.message()).startsWith("No queue provider is installed.");
                });
        town.local(
                "engine::queue::enqueue",
                invocation -> CompletableFuture.completedStage(new Outcome.Result(invocation.payload())));
        caller.says(queued);
        assertThat(((Outcome.Result) caller.link().last(ToWorker.Result.class).outcome())
                        .value()
                        .tree())
                .hasToString("{\"queue\":\"jobs\",\"function_id\":\"later\",\"data\":{\"a\":1},"
                        + "\"messageReceiptId\":\"00000000-0000-0007-0000-000000000002\",\"traceparent\":\"trace\"}");
    }
}
