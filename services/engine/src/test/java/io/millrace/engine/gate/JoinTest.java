package io.millrace.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.TriggerRefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinTest {
    private static final Verdict IN = Verdict.Admitted.UNKNOWN;
    private static final Verdict OUT = new Verdict.Refused("unauthorized");
    private static final GateConfig FAIL_OPEN =
            new GateConfig(null, false, true, Duration.ofSeconds(5), Duration.ofDays(1));

    private final Doormen at = new Doormen();

    @Test
    void nobodyIsAskedWhenThereIsNobody() {
        assertThat(at.gate.asksOnJoin("todo")).isFalse();
        assertThat(at.join()).isEqualTo(IN);
    }

    @Test
    void aJoinTellsWhoWantsWhat() {
        at.add("f", "null");
        at.bind("1", "stream:join", "f", "{}", "{\"a\":1}");
        at.join(new Visit(1, "s\"1", new Group("todo", "all"), "a", Json.ofText("{\"user\":7}")));
        assertThat(at.calls).singleElement().satisfies(call -> {
            assertThat(call.payload())
                    .hasToString("{\"subscription_id\":\"s\\\"1\",\"stream_name\":\"todo\",\"group_id\":\"all\","
                            + "\"id\":\"a\",\"context\":{\"user\":7}}");
            assertThat(call.context().metadata()).hasToString("{\"a\":1}");
            assertThat(call.deadline()).isEqualTo(Doormen.NOW.plusSeconds(5));
        });
    }

    @Test
    void aJoinOfAWholeGroupByNobodyHasNulls() {
        assertThat(Doormen.VISIT.payload())
                .hasToString("{\"subscription_id\":\"s1\",\"stream_name\":\"todo\",\"group_id\":\"all\","
                        + "\"id\":null,\"context\":null}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "1", "[]", "{}", "{\"unauthorized\":false}", "{\"unauthorized\":\"true\"}"})
    void onlyTheLiteralTrueKeepsOut(String result) {
        at.add("f", result);
        at.guard("f");
        assertThat(at.join()).isEqualTo(IN);
    }

    @Test
    void oneRefusalIsEnoughAndAllAreAsked() {
        at.add("refuses", "{\"unauthorized\":true,\"more\":1}");
        at.add("admits", "{\"unauthorized\":false}");
        at.guard("refuses");
        at.guard("admits");
        assertThat(at.join()).isEqualTo(OUT);
        assertThat(at.called()).containsExactly("refuses", "admits");
    }

    @Test
    void nobodyIsInBeforeAllHaveAnswered() {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        at.add("thinks", invocation -> answer);
        at.add("admits", "{}");
        at.guard("thinks");
        at.guard("admits");
        CompletionStage<Verdict> verdict = at.gate.join(Doormen.VISIT);
        assertThat(verdict).isNotCompleted();
        answer.complete(new Outcome.NoResult());
        assertThat(verdict).isCompletedWithValue(IN);
        assertThat(at.timers()).isZero();
    }

    @Test
    void aFunctionThatFailsIsMissingOrHangsKeepsOut() {
        at.add("fails", invocation -> CompletableFuture.completedStage(new Outcome.Failure("oops", "oops")));
        at.addSilent("hangs");
        for (String id : List.of("fails", "missing", "hangs")) {
            at.guard(id);
            CompletionStage<Verdict> verdict = at.gate.join(Doormen.VISIT);
            at.pass(Duration.ofSeconds(5));
            assertThat(verdict).isCompletedWithValue(OUT);
            at.triggers.unregister("on " + id);
        }
        assertThat(at.failures).containsExactly("fails oops", "missing function_not_found", "hangs TIMEOUT");
        assertThat(at.join()).isEqualTo(IN);
    }

    @Test
    void suchAFunctionLetsInWhenToldToFailOpenButARefusalStillCounts() {
        Doormen open = new Doormen(FAIL_OPEN);
        open.addSilent("hangs");
        open.guard("hangs");
        open.guard("missing");
        CompletionStage<Verdict> verdict = open.gate.join(Doormen.VISIT);
        open.pass(Duration.ofSeconds(5));
        assertThat(verdict).isCompletedWithValue(IN);
        open.add("refuses", "{\"unauthorized\":true}");
        open.guard("refuses");
        CompletionStage<Verdict> refused = open.gate.join(Doormen.VISIT);
        open.pass(Duration.ofSeconds(5));
        assertThat(refused).isCompletedWithValue(OUT);
    }

    @Test
    void aStreamNameKeepsOtherStreamsFromBeingAsked() {
        at.add("f", "{\"unauthorized\":true}");
        at.guard("f", "{\"stream_name\":\"chat\"}");
        assertThat(at.gate.asksOnJoin("todo")).isFalse();
        assertThat(at.join()).isEqualTo(IN);
        assertThat(at.gate.asksOnJoin("chat")).isTrue();
        assertThat(at.join(new Visit(1, "1", new Group("chat", "a"), null, null)))
                .isEqualTo(OUT);
    }

    @Test
    void onlyTheLiteralFalseOfAConditionKeepsFromBeingAsked() {
        at.add("f", "{\"unauthorized\":true}");
        at.add("c", "false");
        at.guard("f", "{\"condition_function_id\":\"c\"}");
        assertThat(at.join()).isEqualTo(IN);
        at.add("c", "null");
        assertThat(at.join()).isEqualTo(OUT);
        assertThat(at.called()).containsExactly("c", "c", "f");
    }

    @Test
    void aConditionThatFailsKeepsOut() {
        at.add("f", "{}");
        at.guard("f", "{\"condition_function_id\":\"missing\"}");
        assertThat(at.join()).isEqualTo(OUT);
        assertThat(at.called()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"x\"", "{\"stream_name\":1}", "{\"condition_function_id\":{}}"})
    void aConfigThatIsNoneIsRefused(String config) {
        assertThat(at.bind("1", "stream:join", "f", config, null).toCompletableFuture())
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(TriggerRefusedException.class);
        assertThat(at.gate.asksOnJoin("todo")).isFalse();
    }

    @Test
    void twoWorkersThatGuardAlikeAreAskedOnce() {
        at.add("f", "{}");
        at.bind("1", "stream:join", "f", "{\"stream_name\":null}", null);
        at.bind("2", "stream:join", "f", "null", null);
        at.join();
        assertThat(at.called()).containsExactly("f");
        at.workerGone("1");
        at.join();
        assertThat(at.called()).containsExactly("f", "f");
    }

    @Test
    void aStreamStaysClosedWhileItsGuardIsGone() {
        at.guard("f");
        at.workerGone("on f");
        assertThat(at.join()).isEqualTo(OUT);
        at.add("f", "{}");
        at.bind("another id", "stream:join", "f", "{}", null);
        assertThat(at.join()).isEqualTo(IN);
        at.triggers.unregister("another id");
        assertThat(at.gate.asksOnJoin("todo")).isFalse();
        assertThat(at.timers()).isZero();
    }

    @Test
    void aGuardThatStaysAwayIsForgottenAtLast() {
        at.guard("f");
        at.workerGone("on f");
        at.pass(Duration.ofDays(1));
        assertThat(at.gate.asksOnJoin("todo")).isFalse();
    }

    @Test
    void aGuardThatIsGoneIsForgottenAtOnceWhenToldToFailOpen() {
        Doormen open = new Doormen(FAIL_OPEN);
        open.guard("f");
        open.workerGone("on f");
        assertThat(open.gate.asksOnJoin("todo")).isFalse();
    }

    @Test
    void aTriggerRegisteredAgainGuardsAsItSaysNow() {
        at.add("f", "{\"unauthorized\":true}");
        at.guard("f", "{\"stream_name\":\"todo\"}");
        at.guard("f", "{\"stream_name\":\"chat\"}");
        assertThat(at.gate.asksOnJoin("todo")).isFalse();
        assertThat(at.gate.asksOnJoin("chat")).isTrue();
    }

    @Test
    void aThousandJoinsAtOnceWaitForTheirTurnAndAllGetTheirVerdict() {
        List<CompletableFuture<Outcome>> asked = new ArrayList<>();
        at.add("f", invocation -> {
            CompletableFuture<Outcome> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        });
        at.guard("f");
        List<CompletionStage<Verdict>> verdicts = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            verdicts.add(at.gate.join(Doormen.VISIT));
        }
        assertThat(asked).hasSize(256);
        for (int i = 0; i < 1_000; i++) {
            asked.get(i).complete(new Outcome.NoResult());
            assertThat(verdicts.get(i)).isCompletedWithValue(IN);
        }
        assertThat(at.timers()).isZero();
    }

    @Test
    void aHundredThousandWhoWaitAreServedWithoutRecursion() {
        List<CompletableFuture<Outcome>> first = new ArrayList<>();
        at.add("f", invocation -> {
            CompletableFuture<Outcome> answer = new CompletableFuture<>();
            if (first.size() < 256) {
                first.add(answer);
            } else {
                answer.complete(new Outcome.NoResult());
            }
            return answer;
        });
        at.guard("f");
        List<CompletionStage<Verdict>> verdicts = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            verdicts.add(at.gate.join(Doormen.VISIT));
        }
        first.getFirst().complete(new Outcome.NoResult());
        assertThat(verdicts.getLast()).isCompletedWithValue(IN);
    }

    @Test
    void theTypesSayWhatTheyTake() {
        assertThat(at.gate.types()).allSatisfy(type -> {
            assertThat(type.configFormat()).isNotNull();
            assertThat(type.callFormat()).isNotNull();
            assertThat(Json.ofText(String.valueOf(type.callFormat()))).isEqualTo(type.callFormat());
        });
        assertThat(at.gate.types()).extracting(type -> type.id()).containsExactly("stream:join", "stream:leave");
    }

    @Test
    void aCallHasNoCallerAndNoTrace() {
        at.add("f", "{}");
        at.guard("f");
        at.join();
        assertThat(at.calls).extracting(Invocation::context).containsExactly(Invocation.Context.NONE);
    }
}
