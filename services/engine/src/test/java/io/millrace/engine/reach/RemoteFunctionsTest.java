package io.millrace.engine.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.reach.Fleet.Program;
import io.millrace.engine.worker.ToWorker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Functions of workers at other nodes. */
class RemoteFunctionsTest {
    private static final Outcome STOPPED = new Outcome.Failure("invocation_stopped", "Invocation stopped");

    static final List<Outcome> OUTCOMES = List.of(
            new Outcome.Result(Json.ofText("{\"big\":18446744073709551615,\"f\":1.0,\"s\":\"\\\\\\\"€\"}")),
            new Outcome.Result(Json.NULL),
            new Outcome.NoResult(),
            new Outcome.Failure("VERSION_CONFLICT", "other", false, Version.NONE),
            new Outcome.Failure("thrown", "\"boom\"\n", true, new Version(7), "at here\n\tat there"));

    private final Fleet fleet = new Fleet();
    private final Fleet.Node a = fleet.node("a");
    private final Fleet.Node b = fleet.node("b");
    private final Fleet.Node c = fleet.node("c");

    @Test
    void whatWasThereBeforeTheNodesMetAndWhatComesLaterCanBeCalled() {
        Program early = b.connect().serves("early");
        fleet.links.healAll();
        b.connect().serves("late");

        assertThat(a.functions.isAvailable("late")).isTrue();
        CompletableFuture<Outcome> outcome = a.invoke("early", "{\"x\":1}");
        early.answers("{\"y\":2}");

        assertThat(outcome).isCompletedWithValue(new Outcome.Result(Json.ofText("{\"y\":2}")));
    }

    @Test
    void aFunctionIsDescribedAsAtItsOwnNode() {
        fleet.links.healAll();
        Program program = b.connect().serves("f");

        FunctionDescription described = a.functions.services("f").getFirst().description();

        assertThat(described).isEqualTo(b.functions.services("f").getFirst().description());
        assertThat(a.functions.services("f").getFirst().provider().workerId()).isEqualTo(program.id());
    }

    @Test
    void allThatComesAlongWithACallArrives() {
        fleet.links.healAll();
        Program program = b.connect().serves("f");

        a.invoke(new Invocation(
                "f",
                Json.ofText("{\"n\":18446744073709551615,\"d\":1.0}"),
                Fleet.NOW.plusSeconds(9),
                new Invocation.Context("00-1-2-01", "k=v", Json.ofText("{\"m\":[1]}"), "w-at-a")));

        assertThat(program.called())
                .isEqualTo(new ToWorker.Invoke(
                        program.called().invocationId(),
                        "f",
                        Json.ofText("{\"n\":18446744073709551615,\"d\":1.0}"),
                        "00-1-2-01",
                        "k=v",
                        Json.ofText("{\"m\":[1]}"),
                        "w-at-a"));
    }

    @ParameterizedTest
    @FieldSource("OUTCOMES")
    void whatItComesToComesBackExactly(Outcome outcome) {
        fleet.links.healAll();
        Program program = b.connect().serves("f");
        CompletableFuture<Outcome> call = a.invoke("f", "null");

        program.answers(outcome);

        assertThat(call).isCompletedWithValue(outcome);
    }

    @Test
    void aWorkerOfTheSameNodeIsPreferredAsLongAsItTakesWhatItIsSent() {
        fleet.links.healAll();
        Program far = b.connect().serves("f");
        Program near = a.connect().serves("f");

        IntStream.range(0, 5).forEach(i -> a.invoke("f", "{}"));
        near.congested = true;
        IntStream.range(0, 3).forEach(i -> a.invoke("f", "{}"));

        assertThat(near.timesCalled()).isEqualTo(5);
        assertThat(far.timesCalled()).isEqualTo(3);
    }

    @Test
    void othersShareTheCallsAndWhoIsCongestedIsPassedOver() {
        fleet.links.healAll();
        Program atB = b.connect().serves("f");
        Program atC = c.connect().serves("f");

        IntStream.range(0, 6).forEach(i -> a.invoke("f", "{}"));
        assertThat(atB.timesCalled()).isEqualTo(3);
        fleet.links.congest("a", "b", true);
        IntStream.range(0, 4).forEach(i -> a.invoke("f", "{}"));

        assertThat(atC.timesCalled()).isEqualTo(7);
    }

    @Test
    void twoWorkersAtOneNodeGetTwiceAsMuch() {
        fleet.links.healAll();
        Program one = b.connect().serves("f");
        Program two = b.connect().serves("f");
        Program three = c.connect().serves("f");

        IntStream.range(0, 30).forEach(i -> a.invoke("f", "{}"));

        assertThat(three.timesCalled()).isBetween(9, 11);
        assertThat(one.timesCalled() + two.timesCalled()).isBetween(19, 21);
    }

    @Test
    void aNodeThatIsAskedAsksNoOther() {
        fleet.links.heal("a", "b");
        fleet.links.heal("b", "c");
        Program gone = b.connect().serves("f");
        Program unknownToA = c.connect().serves("f");
        fleet.links.hold("b", "a");
        gone.ceases("f");

        CompletableFuture<Outcome> call = a.invoke("f", "{}");
        fleet.links.release("b", "a");

        assertThat(call)
                .isCompletedWithValue(
                        new Outcome.Failure("function_not_found", "Function f not found in namespace default."));
        assertThat(unknownToA.timesCalled()).isZero();
    }

    @Test
    void whoCeasedToServeItUnnoticedIsNoReasonToFailIfOthersDo() {
        fleet.links.healAll();
        Program gone = b.connect().serves("f");
        Program other = c.connect().serves("f");
        fleet.links.congest("a", "c", true); // so b is chosen first
        fleet.links.hold("b", "a");
        gone.ceases("f");

        CompletableFuture<Outcome> call = a.invoke("f", "{}");
        fleet.links.release("b", "a");
        other.answers("1");

        assertThat(call).isCompletedWithValue(new Outcome.Result(Json.ofText("1")));
    }

    @Test
    void aLostConnectionStopsTheCallsAsALostWorkerDoes() {
        fleet.links.healAll();
        Program program = b.connect().serves("f");
        CompletableFuture<Outcome> call = a.invoke(new Invocation("f", Json.NULL, Instant.MAX));
        assertThat(program.timesCalled()).isEqualTo(1);

        fleet.links.cut("a", "b");

        assertThat(call).isCompletedWithValue(STOPPED);
        assertThat(a.functions.isAvailable("f")).isFalse();
        assertThat(a.invoke("f", "{}").join())
                .isInstanceOf(Outcome.Failure.class)
                .satisfies(outcome ->
                        assertThat(((Outcome.Failure) outcome).code()).isEqualTo("function_not_found"));
    }

    @Test
    void aLostWorkerStopsTheCallsOfOtherNodesToo() {
        fleet.links.healAll();
        Program program = b.connect().serves("f");
        CompletableFuture<Outcome> call = a.invoke("f", "{}");

        program.dies();

        assertThat(call).isCompletedWithValue(STOPPED);
        assertThat(a.functions.isAvailable("f")).isFalse();
    }

    @Test
    void aCallThatIsNotAnsweredInTimeFailsAsItDoesAtOneNode() {
        fleet.links.healAll();
        b.connect().serves("f");
        CompletableFuture<Outcome> answered = a.invoke("f", "{}");
        fleet.time.pass(Duration.ofSeconds(30));
        fleet.links.drop("b", "a", true);
        CompletableFuture<Outcome> lost = a.invoke("f", "{}");
        fleet.time.pass(Duration.ofSeconds(31));
        fleet.links.expire();

        Outcome late = new Outcome.Failure("TIMEOUT", "invocation timed out after 30000ms", true, null);
        assertThat(answered).isCompletedWithValue(late);
        assertThat(lost).isCompletedWithValue(late);
    }

    @Test
    void whoWaitsForEverDoes() {
        fleet.links.healAll();
        Program program = b.connect().serves("f");
        CompletableFuture<Outcome> call = a.invoke(new Invocation("f", Json.NULL, Instant.MAX));

        fleet.time.pass(Duration.ofDays(30));
        fleet.links.expire();
        assertThat(call).isNotDone();
        program.answers("1");

        assertThat(call).isCompleted();
    }

    @Test
    void aNodeThatIsAboutToStopIsSparedIfAnotherServesTheFunction() {
        fleet.links.heal("a", "b");
        Program leaving = b.connect().serves("f").serves("only here");
        CompletableFuture<Outcome> underWay = a.invoke("f", "{}");
        b.reach.leaving();
        fleet.links.heal("a", "c");
        fleet.links.heal("b", "c");
        Program staying = c.connect().serves("f");

        IntStream.range(0, 4).forEach(i -> a.invoke("f", "{}"));
        leaving.answers("1");
        a.invoke("only here", "{}");

        assertThat(staying.timesCalled()).isEqualTo(4);
        assertThat(underWay).isCompletedWithValue(new Outcome.Result(Json.ofText("1")));
        assertThat(leaving.called().functionId()).isEqualTo("only here");
    }

    @Test
    void whoWatchesAFunctionIsToldOfOtherNodesWorkers() {
        List<Boolean> told = new ArrayList<>();
        a.functions.watch("f", told::add);
        fleet.links.healAll();
        Program program = b.connect().serves("f");
        program.dies();
        b.connect().serves("f");
        fleet.links.cut("a", "b");
        fleet.links.heal("a", "b");

        assertThat(told).containsExactly(false, true, false, true, false, true);
    }

    @Test
    void aWorkerThatMovesIsServedThroughoutAndItsOldConnectionIsNotAskedForASignOfLifeFromAfar() {
        fleet.links.healAll();
        Program old = b.connect().serves("f");
        Program moved = c.connect().serves("f");
        List<Boolean> told = new ArrayList<>();
        a.functions.watch("f", told::add);
        old.dies();
        a.invoke("f", "{}");

        assertThat(told).containsExactly(true);
        assertThat(moved.timesCalled()).isEqualTo(1);
    }

    @Test
    void aThousandFunctionsAreThereAtOnceForANodeThatComes() {
        Program program = b.connect();
        IntStream.range(0, 1_000).forEach(i -> program.serves("f" + i));
        fleet.links.heal("a", "b");
        assertThat(a.functions.isAvailable("f999")).isTrue();
        fleet.links.cut("a", "b");
        assertThat(a.functions.services("f0")).isEmpty();
        assertThat(a.functions.isAvailable("f999")).isFalse();
    }
}
