package io.millrace.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthTest {
    private long nowNs = Duration.ofDays(1).toNanos();
    private final Health health = new Health(() -> nowNs);

    @Test
    void aNodeIsReadyWhenEveryCheckPasses() {
        health.readyWhen("kafka", () -> new Health.Check(true, "broker reachable"));
        assertThat(health.ready().good()).isTrue();
        assertThat(health.ready().details()).hasToString("""
                {"status":"up","alarms":[],"checks":{"kafka":{"ok":true,"detail":"broker reachable"}}}""");
    }

    @Test
    void oneCheckThatFailsMakesItUnreadyAndLeavesItAlive() {
        health.readyWhen("kafka", () -> new Health.Check(true, "broker reachable"));
        health.readyWhen("partitions", () -> new Health.Check(false, "3 served of 4 assigned"));
        assertThat(health.ready().good()).isFalse();
        assertThat(health.live().good()).isTrue();
    }

    @Test
    void aTakeoverMakesNobodyUnreadyWhoHasBeenReadyUnlessItLasts() {
        AtomicBoolean passes = new AtomicBoolean();
        health.readyWhen(
                "partitions", Duration.ofSeconds(10), () -> new Health.Check(passes.get(), "3 served of 4 assigned"));
        assertThat(health.ready().good()).isFalse();
        passes.set(true);
        assertThat(health.ready().good()).isTrue();
        passes.set(false);
        assertThat(health.ready().good()).isTrue();
        assertThat(health.ready().details()).hasToString("""
                {"status":"up","alarms":[],"checks":{"partitions":{"ok":false,"detail":"3 served of 4 assigned"}}}""");
        after(Duration.ofSeconds(9));
        assertThat(health.ready().good()).isTrue();
        after(Duration.ofSeconds(1));
        assertThat(health.ready().good()).isFalse();
        passes.set(true);
        assertThat(health.ready().good()).isTrue();
        passes.set(false);
        assertThat(health.ready().good()).isTrue();
    }

    private void after(Duration time) {
        nowNs += time.toNanos();
    }

    @Test
    void anAlarmIsToldAndOnlyAFatalOneEndsTheProcessesLife() {
        health.alarm("record 7 cannot be read", false);
        assertThat(health.live().good()).isTrue();
        assertThat(health.live().details()).hasToString("""
                {"status":"up","alarms":["record 7 cannot be read"]}""");
        health.alarm("must be restarted", true);
        health.alarm("another one", false);
        assertThat(health.live().good()).isFalse();
        assertThat(health.ready().good()).isFalse();
    }

    @Test
    void onlyTheLastAlarmsAreKept() {
        for (int i = 0; i < 100; i++) {
            health.alarm("alarm " + i, false);
        }
        assertThat(health.live().details().tree().path("alarms")).hasSize(20);
        assertThat(health.live().details().toString()).contains("alarm 99").doesNotContain("alarm 79");
    }
}
