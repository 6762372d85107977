package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LastCallsTest {
    private long nowNs = -5;
    private final LastCalls lastCalls = new LastCalls(Duration.ofSeconds(10), () -> nowNs);

    @Test
    void allPortsTogetherHaveOneTimeFromWhenTheFirstIsClosed() {
        nowNs += Duration.ofHours(1).toNanos();
        assertThat(lastCalls.get()).hasSeconds(10);
        nowNs += Duration.ofSeconds(7).toNanos();
        assertThat(lastCalls.get()).hasSeconds(3);
    }

    @Test
    void whatHasJustBeenAnsweredCanStillBeSent() {
        assertThat(lastCalls.get()).hasSeconds(10);
        nowNs += Duration.ofMinutes(1).toNanos();
        assertThat(lastCalls.get()).hasMillis(100);
    }
}
