package io.millrace.engine.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.gate.Verdict;
import io.millrace.engine.gate.Visit;
import io.millrace.engine.reach.Fleet.Program;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerType;
import io.millrace.engine.worker.FromWorker;
import io.millrace.engine.worker.ToWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Triggers whose types, functions or users are at other nodes. */
class RemoteTriggersTest {
    private final Fleet fleet = new Fleet();
    private final Fleet.Node a = fleet.node("a");
    private final Fleet.Node b = fleet.node("b");

    private static List<String> bound(Program provider) {
        List<String> said = new ArrayList<>();
        provider.got.forEach(message -> {
            if (message instanceof ToWorker.RegisterTrigger(Binding binding)) {
                said.add("+" + binding.id());
            } else if (message instanceof ToWorker.UnregisterTrigger gone) {
                said.add("-" + gone.id());
            }
        });
        return said;
    }

    private static void answers(Program provider, String triggerId, Outcome.@Nullable Failure failure) {
        provider.says(new FromWorker.TriggerResult(triggerId, "rain", failure));
    }

    @Test
    void aTriggerIsBoundByTheWorkerThatProvidesItsTypeWhereverThatIs() {
        fleet.links.healAll();
        Program provider = b.connect().provides("rain");
        Program user = a.connect().wants("t", "rain", "f", "{\"mm\":3}");

        ToWorker.RegisterTrigger told =
                provider.got(ToWorker.RegisterTrigger.class).getFirst();
        assertThat(told.binding().config()).isEqualTo(Json.ofText("{\"mm\":3}"));
        assertThat(told.binding().functionId()).isEqualTo("f");
        answers(provider, "t", null);
        assertThat(user.got(ToWorker.TriggerRefused.class)).isEmpty();
        user.says(new FromWorker.UnregisterTrigger("t"));
        assertThat(bound(provider)).containsExactly("+t", "-t");
    }

    @Test
    void aRefusalReachesWhoeverRegisteredTheTrigger() {
        fleet.links.healAll();
        Program provider = b.connect().provides("rain");
        Program user = a.connect().wants("t", "rain", "f", "{}");

        answers(provider, "t", new Outcome.Failure("too_dry", "no rain here"));

        assertThat(user.got(ToWorker.TriggerRefused.class))
                .containsExactly(new ToWorker.TriggerRefused("t", "rain", "f", "too_dry", "no rain here"));
        b.connect().provides("rain");
        assertThat(a.triggers.binding("t")).as("it waits for another provider").isNotNull();
    }

    @Test
    void aTriggerWaitsWhileNobodyProvidesItsTypeAndIsBoundAgain() {
        Program user = a.connect().wants("t", "rain", "f", "{}");
        fleet.links.healAll();
        Program first = b.connect().provides("rain");
        assertThat(bound(first)).containsExactly("+t");
        first.dies();
        Program second = b.connect().provides("rain");
        assertThat(bound(second)).containsExactly("+t");
        fleet.links.cut("a", "b");
        assertThat(bound(second)).containsExactly("+t", "-t");
        fleet.links.heal("a", "b");
        assertThat(bound(second)).containsExactly("+t", "-t", "+t");
        assertThat(user.got(ToWorker.TriggerRefused.class)).isEmpty();
    }

    @Test
    void aProviderOfTheSameNodeIsPreferredAndTheOtherStandsIn() {
        fleet.links.healAll();
        Program far = b.connect().provides("rain");
        a.connect().wants("t", "rain", "f", "{}");
        Program near = a.connect().provides("rain");
        assertThat(bound(far)).containsExactly("+t", "-t");
        assertThat(bound(near)).containsExactly("+t");

        near.dies();

        assertThat(bound(far)).containsExactly("+t", "-t", "+t");
    }

    @Test
    void aTriggerThatMovesToAnotherNodeIsThereAloneAndItsProviderKnowsIt() {
        Fleet.Node c = fleet.node("c");
        fleet.links.healAll();
        Program provider = b.connect().provides("rain");
        Program before = a.connect().wants("t", "rain", "f", "{}");
        c.connect().wants("t", "rain", "f", "{}");
        assertThat(a.triggers.binding("t")).isNull();
        assertThat(c.triggers.binding("t")).isNotNull();

        before.dies();

        assertThat(bound(provider)).endsWith("+t");
        Program back = b.connect().wants("t", "rain", "f", "{}");
        assertThat(c.triggers.binding("t")).isNull();
        assertThat(bound(provider)).endsWith("+t");
        back.dies();
        assertThat(bound(provider)).endsWith("-t");
    }

    @Test
    void whoHasALaterClockDoesNotKeepATriggerThatHasMoved() {
        fleet.links.healAll();
        a.connect().wants("t", "x", "f", "{}");
        fleet.links.cut("a", "b");
        fleet.time.pass(Duration.ofSeconds(5));
        b.connect().wants("t", "x", "f", "{}");
        assertThat(a.triggers.binding("t")).as("nobody knows better").isNotNull();

        fleet.links.heal("a", "b");

        assertThat(a.triggers.binding("t")).isNull();
        assertThat(b.triggers.binding("t")).isNotNull();
    }

    @Test
    void aTriggerCanBeEndedFromEverywhere() {
        fleet.links.healAll();
        a.connect().wants("t", "x", "f", "{}");
        a.connect().wants("u", "x", "f", "{}");

        b.connect().says(new FromWorker.UnregisterTrigger("t"));

        assertThat(a.triggers.binding("t")).isNull();
        assertThat(b.call("engine::unregister_trigger", "{\"id\":\"u\"}")
                        .path("removed")
                        .asBoolean())
                .isTrue();
        assertThat(b.call("engine::unregister_trigger", "{\"id\":\"u\"}")
                        .path("removed")
                        .asBoolean())
                .isFalse();
    }

    private static Verdict join(Fleet.Node node) {
        return node.gate
                .join(new Visit(1, "s", new Group("chat", "1"), null, null))
                .toCompletableFuture()
                .join();
    }

    @Test
    void aGuardIsAskedWhereverSomebodySubscribes() {
        fleet.links.healAll();
        assertThat(a.gate.asksOnJoin("chat")).isFalse();
        Program guard = b.connect().serves("guard").wants("g", "stream:join", "guard", "{\"stream_name\":\"chat\"}");
        assertThat(a.gate.asksOnJoin("chat")).isTrue();

        CompletableFuture<Verdict> verdict = a.gate.join(new Visit(1, "s", new Group("chat", "1"), null, null))
                .toCompletableFuture();
        guard.answers("{\"unauthorized\":true}");

        assertThat(verdict.join()).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void aGuardWhoseWorkerOrNodeIsGoneKeepsRefusingAndOneThatIsUnregisteredDoesNot() {
        fleet.links.healAll();
        Program guard = b.connect().serves("guard").wants("g", "stream:join", "guard", "{\"stream_name\":\"chat\"}");
        fleet.links.cut("a", "b");
        assertThat(join(a)).isInstanceOf(Verdict.Refused.class);
        fleet.links.heal("a", "b");
        guard.dies();
        assertThat(join(a)).isInstanceOf(Verdict.Refused.class);

        Program back = b.connect().serves("guard").wants("g", "stream:join", "guard", "{\"stream_name\":\"chat\"}");
        back.says(new FromWorker.UnregisterTrigger("g"));

        assertThat(a.gate.asksOnJoin("chat")).isFalse();
    }

    @Test
    void theSameGuardOfTwoNodesIsAskedOnce() {
        fleet.links.healAll();
        Program one = a.connect().serves("guard").wants("g1", "stream:join", "guard", "{}");
        Program two = b.connect().serves("guard").wants("g2", "stream:join", "guard", "{}");

        a.gate.join(new Visit(1, "s", new Group("chat", "1"), null, null));

        assertThat(one.timesCalled() + two.timesCalled()).isEqualTo(1);
        one.dies();
        assertThat(a.gate.asksOnJoin("chat")).isTrue();
    }

    @Test
    void aTriggerWaitsForATypeOfOursThatIsEverywhere() {
        fleet.links.healAll();
        List<String> routes = new ArrayList<>();
        b.triggers.provide(new Everywhere(new ArrayList<>()));
        Program program = b.connect().wants("r", "http", "f", "{\"api_path\":\"x\"}");

        a.triggers.provide(new Everywhere(routes));
        program.dies();

        assertThat(routes).containsExactly("+r b", "-r b ABANDONED");
        assertThat(a.triggers.bindings()).isEmpty();
    }

    /** Stands for the http triggers. */
    private record Everywhere(List<String> said) implements TriggerType {
        @Override
        public String id() {
            return "http";
        }

        @Override
        public String description() {
            return "routes";
        }

        @Override
        public boolean isEverywhere() {
            return true;
        }

        @Override
        public CompletionStage<Void> bind(Binding binding) {
            said.add("+" + binding.id() + " " + binding.node());
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void unbind(Binding binding, Ending ending) {
            said.add("-" + binding.id() + " " + binding.node() + " " + ending);
        }
    }
}
