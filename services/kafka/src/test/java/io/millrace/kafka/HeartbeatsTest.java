package io.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a lease is held, by what the samples can prove. */
class HeartbeatsTest {
    private static final long NEVER = Long.MIN_VALUE;

    private final Heartbeats heartbeats = new Heartbeats(100);

    private long after(long nowNs, long answers) {
        heartbeats.sample(nowNs, Map.of("a", answers));
        return heartbeats.heldUntilNs();
    }

    @Test
    void nothingIsHeldBeforeAnythingIsAnswered() {
        heartbeats.sample(0, Map.of());
        assertThat(heartbeats.heldUntilNs()).isEqualTo(NEVER);
        assertThat(after(10, 0)).isEqualTo(NEVER);
    }

    @Test
    void oneAnswerProvesNothingForItsRequestMayBeOld() {
        heartbeats.sample(0, Map.of());
        assertThat(after(10, 1)).isEqualTo(NEVER);
    }

    @Test
    void twoAnswersBetweenSamplesCountFromTheSampleBefore() {
        heartbeats.sample(0, Map.of());
        assertThat(after(10, 2)).isEqualTo(100);
    }

    @Test
    void anAnswerCountsFromTheOneBeforeIt() {
        heartbeats.sample(0, Map.of());
        after(10, 2);
        after(20, 2);
        assertThat(after(30, 3)).isEqualTo(100);
        after(40, 3);
        assertThat(after(50, 4)).isEqualTo(120);
    }

    @Test
    void silenceProlongsNothing() {
        heartbeats.sample(0, Map.of());
        after(10, 2);
        assertThat(after(5_000, 2)).isEqualTo(100);
    }

    @Test
    void anAnswerAfterALongPauseProvesNothingYet() {
        heartbeats.sample(0, Map.of());
        after(10, 2);
        assertThat(after(5_000, 3)).isLessThan(5_000);
        assertThat(after(5_010, 4)).isEqualTo(10 + 100);
        assertThat(after(5_020, 5)).isEqualTo(5_000 + 100);
    }

    @Test
    void everyThreadMustBeAlive() {
        heartbeats.sample(0, Map.of());
        heartbeats.sample(10, Map.of("a", 2L));
        heartbeats.sample(20, Map.of("a", 4L, "b", 0L));
        assertThat(heartbeats.heldUntilNs()).isEqualTo(NEVER);
        heartbeats.sample(30, Map.of("a", 6L, "b", 2L));
        assertThat(heartbeats.heldUntilNs()).isEqualTo(120);
    }

    @Test
    void aThreadThatIsGoneCountsNoLonger() {
        heartbeats.sample(0, Map.of());
        heartbeats.sample(10, Map.of("a", 2L, "b", 2L));
        heartbeats.sample(20, Map.of("b", 4L));
        assertThat(heartbeats.heldUntilNs()).isEqualTo(110);
        heartbeats.sample(30, Map.of());
        assertThat(heartbeats.heldUntilNs()).isEqualTo(NEVER);
    }
}
