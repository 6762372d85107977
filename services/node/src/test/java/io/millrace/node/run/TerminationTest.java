package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TerminationTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void theFirstSignalOnlyAsks() throws InterruptedException {
        List<Integer> halts = new ArrayList<>();
        Termination termination = new Termination(LONG, halts::add);
        assertThat(termination.askedWithin(Duration.ZERO)).isFalse();
        termination.ask(130);
        assertThat(termination.askedWithin(Duration.ZERO)).isTrue();
        assertThat(termination.asked()).isCompletedWithValue(130);
        assertThat(halts).isEmpty();
    }

    @Test
    void theSecondSignalEndsTheProcessAtOnce() {
        List<Integer> halts = new ArrayList<>();
        Termination termination = new Termination(LONG, halts::add);
        termination.ask(143);
        termination.ask(130);
        assertThat(halts).containsExactly(130);
    }

    @Test
    void aStopThatTakesTooLongIsCutShort() throws InterruptedException {
        BlockingQueue<Integer> halts = new LinkedBlockingQueue<>();
        Termination termination = new Termination(Duration.ofMillis(1), halts::add);
        termination.ask(143);
        assertThat(halts.poll(30, TimeUnit.SECONDS)).isEqualTo(143);
    }

    @Test
    void aRealSignalArrives() throws Exception {
        try (Termination termination = Termination.onSignal(LONG)) {
            Class<?> signal = Class.forName("sun.misc.Signal");
            signal.getMethod("raise", signal)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"));
            assertThat(termination.asked().get(30, TimeUnit.SECONDS)).isEqualTo(129);
        }
    }
}
