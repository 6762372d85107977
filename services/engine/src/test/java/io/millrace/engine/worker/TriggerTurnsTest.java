package io.millrace.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.worker.Town.Resident;
import io.millrace.engine.worker.Town.SlowType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Triggers of workers: calls wait for them, and workers may provide types of their own. */
class TriggerTurnsTest {
    private static final UUID ONE = new UUID(1, 1);

    private final Town town = new Town();
    private final SlowType slow = new SlowType();
    private final List<String> made = new ArrayList<>();

    @BeforeEach
    void prepare() {
        town.triggers.provide(slow);
        town.local("write", invocation -> {
            made.add(invocation.payload().toString());
            return CompletableFuture.completedStage(new Outcome.NoResult());
        });
    }

    @Test
    void callsWaitForTheTriggersBeforeThemAndKeepTheirOrder() {
        Resident worker = town.connect();
        worker.wants("t1", "slow", "f", "{}");
        worker.calls(ONE, "write", "1");
        worker.wants("t2", "slow", "f", "{}");
        worker.calls(ONE, "write", "2");
        worker.serves("f");
        assertThat(made).isEmpty();
        slow.effective("t1");
        worker.link().run();
        assertThat(made).containsExactly("1");
        assertThat(town.functions.isAvailable("f")).isFalse();
        slow.effective("t2");
        worker.link().run();
        assertThat(made).containsExactly("1", "2");
        assertThat(town.functions.isAvailable("f")).isTrue();
        worker.calls(ONE, "write", "3");
        assertThat(made).containsExactly("1", "2", "3");
    }

    @Test
    void triggersDoNotWaitForOneAnother() {
        Resident worker = town.connect();
        worker.wants("t1", "slow", "f", "{}");
        worker.wants("t2", "slow", "f", "{}");
        assertThat(slow.bound).containsOnlyKeys("t1", "t2");
    }

    @Test
    void answersPingsAndOtherWorkersDoNotWait() {
        Resident worker = town.connect();
        worker.serves("f");
        worker.wants("t1", "slow", "f", "{}");
        worker.calls(ONE, "write", "1");
        CompletableFuture<Outcome> call = town.invoke("f", java.time.Instant.MAX);
        worker.answers(worker.called().invocationId(), "1");
        assertThat(call).isCompleted();
        worker.says(new FromWorker.Ping());
        assertThat(worker.link().last(ToWorker.Pong.class)).isNotNull();
        town.connect().calls(ONE, "write", "\"other\"");
        assertThat(made).containsExactly("\"other\"");
    }

    @Test
    void whoHasTooMuchWaitingIsNotReadMeanwhile() {
        Resident worker = town.connect();
        worker.wants("t1", "slow", "f", "{}");
        for (int i = 0; i < 70; i++) {
            worker.calls(ONE, "write", String.valueOf(i));
        }
        assertThat(worker.link().paused).isTrue();
        slow.effective("t1");
        worker.link().run();
        assertThat(worker.link().paused).isFalse();
        assertThat(made).hasSize(70);
    }

    @Test
    void aTriggerThatNeverBecomesEffectiveHoldsNothingUpForEver() {
        Resident worker = town.connect();
        worker.wants("t1", "slow", "f", "{}");
        worker.calls(ONE, "write", "1");
        assertThat(town.alarms.getLast().delay)
                .isEqualTo(WorkerLimits.defaults().callDeadline());
        town.alarms.getLast().ring();
        worker.link().run();
        assertThat(made).containsExactly("1");
        slow.effective("t1");
        worker.calls(ONE, "write", "2");
        assertThat(made).containsExactly("1", "2");
    }

    @Test
    void aRefusedTriggerIsReportedAndHoldsNothingUp() {
        Resident worker = town.connect();
        worker.wants("t1", "slow", "f", "{\"bad\":1}");
        worker.wants("t2", "slow", "f", "{\"bug\":1}");
        worker.calls(ONE, "write", "1");
        assertThat(worker.link().got(ToWorker.TriggerRefused.class))
                .containsExactly(
                        new ToWorker.TriggerRefused("t1", "slow", "f", TriggerRefusedException.CODE, "bad config"),
                        new ToWorker.TriggerRefused("t2", "slow", "f", TriggerRefusedException.CODE, "a bug"));
        assertThat(made).containsExactly("1");
        assertThat(town.triggers.bindings()).isEmpty();
    }

    @Test
    void aWorkersTriggersAreAbandonedWithItButNotThoseAnotherHasTakenOver() {
        Resident before = town.connect();
        before.wants("t1", "slow", "f", "{}");
        before.wants("t2", "slow", "f", "{}");
        Resident after = town.connect();
        after.wants("t1", "slow", "f", "{}");
        before.worker().disconnected();
        assertThat(slow.endings).containsExactly("t1 REPLACED", "t2 ABANDONED");
        slow.effective("t1");
        after.says(new FromWorker.UnregisterTrigger("t1"));
        assertThat(slow.endings).last().isEqualTo("t1 UNREGISTERED");
    }

    @Test
    void whatWaitsForTriggersGoesWithTheWorker() {
        Resident worker = town.connect();
        worker.wants("t1", "slow", "f", "{}");
        worker.calls(ONE, "write", "1");
        worker.worker().disconnected();
        slow.effective("t1");
        worker.link().run();
        assertThat(made).isEmpty();
    }

    @Test
    void aTypeOfAWorkerIsToldOfItsTriggersAlsoOfThoseThatCameFirst() {
        Resident user = town.connect();
        user.wants("early", "custom", "f", "{\"a\":1}");
        Resident provider = town.connect();
        provider.provides("custom");
        user.wants("late", "custom", "f", "{}");
        assertThat(provider.link().got(ToWorker.RegisterTrigger.class))
                .extracting(told -> told.binding().id())
                .containsExactly("early", "late");
        user.calls(ONE, "write", "1");
        assertThat(made).hasSize(1);
        user.worker().disconnected();
        assertThat(provider.link().got(ToWorker.UnregisterTrigger.class))
                .containsExactly(
                        new ToWorker.UnregisterTrigger("early", "custom"),
                        new ToWorker.UnregisterTrigger("late", "custom"));
    }

    @Test
    void aTriggerItsTypeDoesNotTakeIsReportedAndWaitsForTheTypeToComeBack() {
        Resident user = town.connect();
        Resident provider = town.connect();
        provider.provides("custom");
        user.wants("t1", "custom", "f", "{}");
        FromWorker no = new FromWorker.TriggerResult("t1", "custom", new Outcome.Failure("code", "no"));
        user.says(no);
        assertThat(user.link().got(ToWorker.TriggerRefused.class))
                .as("not its type")
                .isEmpty();
        provider.says(no);
        assertThat(user.link().got(ToWorker.TriggerRefused.class))
                .containsExactly(new ToWorker.TriggerRefused("t1", "custom", "f", "code", "no"));
        assertThat(town.triggers.bindings()).extracting(Binding::id).containsExactly("t1");
        provider.worker().disconnected();
        Resident successor = town.connect();
        successor.provides("custom");
        successor.says(new FromWorker.TriggerResult("t1", "custom", null));
        assertThat(successor.link().got(ToWorker.RegisterTrigger.class)).hasSize(1);
        successor.says(no);
        assertThat(user.link().got(ToWorker.TriggerRefused.class))
                .as("a change of mind")
                .hasSize(2);
    }

    @Test
    void aTypeProvidedAgainIsToldOfAllItsTriggersAgain() {
        Resident user = town.connect();
        user.wants("t1", "custom", "f", "{}");
        Resident one = town.connect();
        one.provides("custom");
        Resident two = town.connect();
        two.provides("custom");
        assertThat(two.link().got(ToWorker.RegisterTrigger.class)).hasSize(1);
        one.worker().disconnected();
        assertThat(town.triggers.type("custom")).isNotNull();
        two.says(new FromWorker.UnregisterTriggerType("custom"));
        assertThat(town.triggers.type("custom")).isNull();
    }

    @Test
    void oursAreNotForWorkersToProvide() {
        Resident worker = town.connect();
        worker.provides("slow");
        assertThat(worker.link().last(ToWorker.TriggerRefused.class).message()).isEqualTo("type slow is built in");
        assertThat(town.triggers.isOurs("slow")).isTrue();
    }

    @Test
    void whoRegistersATriggerForAWorkersTypeLearnsWhatItSays() {
        Resident provider = town.connect();
        provider.provides("custom");
        Binding binding = new Binding("t", "custom", "f", Json.NULL, null, null);
        var refused = town.triggers.register(binding).toCompletableFuture();
        provider.says(new FromWorker.TriggerResult("t", "custom", new Outcome.Failure("code", "no")));
        assertThat(refused).isCompletedExceptionally();
        var silent = town.triggers.register(binding).toCompletableFuture();
        assertThat(town.alarms.getLast().delay).isEqualTo(Duration.ofSeconds(10));
        town.alarms.getLast().ring();
        assertThat(silent).isCompleted();
    }
}
