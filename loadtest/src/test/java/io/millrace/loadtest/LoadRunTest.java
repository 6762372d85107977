package io.millrace.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class LoadRunTest {
    private static final Workload WORKLOAD = new Workload(100, 10, 64);
    private static final Duration WARM_UP = Duration.ofMillis(50);
    private static final Duration WINDOW = Duration.ofMillis(200);

    @Test
    void anOpenLoopSendsEveryWriteThatIsDueAndMeasuresThoseOfTheWindow() {
        Target target = new Target(() -> CompletableFuture.completedStage(null));
        Measured measured = new LoadRun(target, WORKLOAD).measure(new Load.Open(1_000, WARM_UP, WINDOW));
        assertThat(target.values)
                .hasSize(250)
                .allSatisfy(value -> assertThat(value).hasSize(64));
        assertThat(measured.latenciesNs().getTotalCount()).isEqualTo(200);
    }

    @Test
    void aClosedLoopNeverHasMoreUnderWayThanItShould() {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService answering = Executors.newFixedThreadPool(4)) {
            Target target = new Target(() -> {
                most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                return CompletableFuture.runAsync(underWay::decrementAndGet, answering);
            });
            Measured measured = new LoadRun(target, WORKLOAD).measure(new Load.Closed(5, WARM_UP, WINDOW));
            assertThat(measured.answered()).isPositive().isLessThanOrEqualTo(target.values.size());
        }
        assertThat(most).hasValueBetween(1, 5);
    }

    @Test
    void aFailedWriteSpoilsTheRun() {
        Target target = new Target(() -> CompletableFuture.failedStage(new IllegalStateException("fenced")));
        assertThatThrownBy(() -> new LoadRun(target, WORKLOAD).measure(new Load.Open(1_000, WARM_UP, WINDOW)))
                .hasMessage("a write failed: fenced");
        assertThatThrownBy(() -> new LoadRun(target, WORKLOAD).measure(new Load.Closed(3, WARM_UP, WINDOW)))
                .hasMessage("a write failed: fenced");
    }

    @Test
    void latencyCountsFromTheTimeAWriteWasDue() {
        long nowNs = System.nanoTime();
        long second = TimeUnit.SECONDS.toNanos(1);
        Answers answers = new Answers(nowNs - 5 * second, nowNs + 60 * second);
        answers.answered(nowNs - 3 * second, null);
        answers.answered(nowNs - 6 * second, null);
        assertThat(answers.latencies().getTotalCount()).isEqualTo(1);
        assertThat(answers.inWindow()).isEqualTo(2);
    }

    @Test
    void theSameWorkloadDrawsTheSameKeys() {
        Workload.Draws first = WORKLOAD.draws();
        Workload.Draws again = WORKLOAD.draws();
        for (int i = 0; i < 1_000; i++) {
            assertThat(first.key()).isEqualTo(again.key()).isBetween(0, 99);
        }
    }

    /** Answers as it is told to. */
    private static final class Target implements WriteTarget {
        private final List<byte[]> values = new ArrayList<>();
        private final Supplier<CompletionStage<?>> answer;

        Target(Supplier<CompletionStage<?>> answer) {
            this.answer = answer;
        }

        @Override
        public String name() {
            return "test";
        }

        @Override
        public CompletionStage<?> submit(int key, byte[] value) {
            values.add(value);
            return answer.get();
        }

        @Override
        public void close() {}
    }
}
