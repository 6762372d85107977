package io.millrace.loadtest.soak;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** How long changes take to all the sockets that keep up: each frame of each counts once. */
final class Latencies {
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(2);
    private static final int DIGITS = 2;

    private final Recorder fromCall = new Recorder(LONGEST_NS, DIGITS);
    private final Recorder fromAnswer = new Recorder(LONGEST_NS, DIGITS);

    /**
     * What was seen since the last time.
     *
     * @param fromCall from the writer's call to the frame, nanoseconds
     * @param fromAnswer from the writer's answer to the frame; zero for a frame that came first
     */
    record Seen(Histogram fromCall, Histogram fromAnswer) {
        double p99AnswerMs() {
            return fromAnswer.getValueAtPercentile(99) / 1e6;
        }

        @Override
        public String toString() {
            return ms(fromAnswer) + " | " + ms(fromCall);
        }

        private static String ms(Histogram seen) {
            return String.format(
                    Locale.ROOT,
                    "%.2f | %.1f | %.1f",
                    seen.getValueAtPercentile(50) / 1e6,
                    seen.getValueAtPercentile(99) / 1e6,
                    seen.getMaxValue() / 1e6);
        }
    }

    void told(Change change, long nowNs) {
        long answeredNs = change.answeredNs();
        fromCall.recordValue(Math.clamp(nowNs - change.sentNs(), 0, LONGEST_NS));
        fromAnswer.recordValue(answeredNs == 0 ? 0 : Math.clamp(nowNs - answeredNs, 0, LONGEST_NS));
    }

    Seen seen() {
        return new Seen(fromCall.getIntervalHistogram(), fromAnswer.getIntervalHistogram());
    }
}
