package io.millrace.loadtest;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What came of one run.
 *
 * @param latenciesNs of the writes that were due in the window
 * @param answered how many writes were answered in the window
 */
record Measured(String target, Load load, Histogram latenciesNs, long answered, Duration window) {
    double p50Ms() {
        return latencyMs(50);
    }

    double p99Ms() {
        return latencyMs(99);
    }

    double maxMs() {
        return latenciesNs.getMaxValue() / 1e6;
    }

    double perSecond() {
        return answered * 1e9 / window.toNanos();
    }

    private double latencyMs(double percentile) {
        return latenciesNs.getValueAtPercentile(percentile) / 1e6;
    }
}
