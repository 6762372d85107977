package io.millrace.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaveTest {
    private final Doormen at = new Doormen();

    @Test
    void aLeaveIsTold() {
        at.add("f", "{\"unauthorized\":true}");
        at.bind("1", "stream:leave", "f", "{}", "7");
        at.gate.left(Doormen.VISIT);
        assertThat(at.calls).singleElement().satisfies(call -> {
            assertThat(call.payload()).isEqualTo(Doormen.VISIT.payload());
            assertThat(call.context().metadata()).hasToString("7");
        });
        assertThat(at.gate.asksOnJoin("todo")).isFalse();
    }

    @Test
    void streamNameAndConditionAreHonoured() {
        at.add("f", "null");
        at.add("never", "false");
        at.bind("1", "stream:leave", "f", "{\"stream_name\":\"chat\"}", null);
        at.bind("2", "stream:leave", "f", "{\"condition_function_id\":\"never\"}", null);
        at.gate.left(Doormen.VISIT);
        assertThat(at.called()).containsExactly("never");
        at.gate.left(new Visit(1, "1", new Group("chat", "a"), null, null));
        assertThat(at.called()).containsExactly("never", "f", "never");
    }

    @Test
    void aFunctionThatIsMissingOrHangsHurtsNobody() {
        at.addSilent("hangs");
        at.bind("1", "stream:leave", "hangs", "{}", null);
        at.bind("2", "stream:leave", "missing", "{}", null);
        at.gate.left(Doormen.VISIT);
        at.pass(Duration.ofSeconds(5));
        assertThat(at.failures).containsExactly("missing function_not_found", "hangs TIMEOUT");
    }

    @Test
    void afterItsWorkerHasGoneNobodyIsTold() {
        at.bind("1", "stream:leave", "f", "{}", null);
        at.workerGone("1");
        at.gate.left(Doormen.VISIT);
        assertThat(at.failures).isEmpty();
    }

    @Test
    void onlySoManyWaitToBeTold() {
        Doormen few = new Doormen(new GateConfig(null, false, false, Duration.ofSeconds(5), Duration.ZERO, 2, 3));
        few.addSilent("f");
        few.bind("1", "stream:leave", "f", "{}", null);
        for (int i = 0; i < 7; i++) {
            few.gate.left(Doormen.VISIT);
        }
        assertThat(few.dropped).isEqualTo(2);
        few.pass(Duration.ofSeconds(5));
        few.pass(Duration.ofSeconds(5));
        few.pass(Duration.ofSeconds(5));
        assertThat(few.calls).hasSize(5);
    }
}
