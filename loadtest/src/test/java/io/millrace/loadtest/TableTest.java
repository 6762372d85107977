package io.millrace.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class TableTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Load OPEN = new Load.Open(200, SECOND, SECOND);
    private static final Load CLOSED = new Load.Closed(64, SECOND, SECOND);

    @Test
    void aRunIsOneRow() {
        assertThat(Table.row(run("bare", OPEN, 1_500_000, 200)))
                .isEqualTo("| bare | 200/s | 1.50 | 1.50 | 1.5 | 200 |");
    }

    @Test
    void eachIsComparedWithThoseBeforeItByTheirMedianRuns() {
        List<Measured> runs = List.of(
                run("bare", OPEN, 1_000_000, 200),
                run("bare+store", OPEN, 1_200_000, 200),
                run("millrace", OPEN, 1_500_000, 200),
                run("bare", CLOSED, 1, 100_000),
                run("millrace", CLOSED, 1, 80_000),
                run("bare", OPEN, 9_000_000, 200),
                run("bare", OPEN, 1_000_000, 200));
        assertThat(Table.ratios(runs))
                .containsExactly(
                        "bare+store at 200/s: p50 1.20 x bare",
                        "millrace at 200/s: p50 1.50 x bare",
                        "millrace at 200/s: p50 1.25 x bare+store",
                        "millrace with 64 in flight: 80 % of the throughput of bare");
    }

    private static Measured run(String target, Load load, long latencyNs, long answered) {
        Histogram latencies = new Histogram(3);
        latencies.recordValue(latencyNs);
        return new Measured(target, load, latencies, answered, SECOND);
    }
}
