package io.millrace.loadtest.soak;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What a soak says as it goes. */
final class SoakReport {
    private static final Pattern METERS = Pattern.compile(
            "millrace_(feed_.*(_total|_count|_sum)|(syncs|snapshot_failed|sockets_unresponsive)_total)");

    private final NodeUnderLoad node;
    private final Admin admin;
    private final Tally tally;
    private final Latencies latencies;
    private final Recorder answers;
    private final List<GroupLog> logs;
    private final PrintStream out;
    private long beganNs;
    private long frames;
    private long changes;
    private long nodePid;
    private long nodeCpuMs;
    private long ownCpuMs;

    SoakReport(
            NodeUnderLoad node,
            Admin admin,
            Tally tally,
            Latencies latencies,
            Recorder answers,
            List<GroupLog> logs,
            PrintStream out) {
        this.node = node;
        this.admin = admin;
        this.tally = tally;
        this.latencies = latencies;
        this.answers = answers;
        this.logs = logs;
        this.out = out;
    }

    void say(String line) {
        out.println(line);
    }

    /** Prints what the node takes now, and gives its live heap in bytes. */
    long memory(String when) {
        long heap = Footprint.heapBytes(node.pid());
        say(String.format(
                Locale.ROOT,
                "memory, %s: live heap %.1f MiB, RSS %.1f MiB",
                when,
                heap / 1048576.0,
                Footprint.rss(node.pid()) / 1048576.0));
        return heap;
    }

    /** From now on it counts. */
    void begin() {
        beganNs = System.nanoTime();
        frames = tally.frames.sum();
        changes = changes();
        nodePid = node.pid();
        nodeCpuMs = Footprint.cpu(nodePid).toMillis();
        ownCpuMs = Footprint.cpu(ProcessHandle.current().pid()).toMillis();
        latencies.seen();
        answers.getIntervalHistogram();
    }

    /** Prints what has happened since it began. */
    Latencies.Seen phase(String name) {
        Latencies.Seen seen = latencies.seen();
        Histogram answered = answers.getIntervalHistogram();
        double seconds = (System.nanoTime() - beganNs) / 1e9;
        double nodeCores = nodePid == node.pid() ? (Footprint.cpu(nodePid).toMillis() - nodeCpuMs) / 1e3 / seconds : 0;
        double ownCores = (Footprint.cpu(ProcessHandle.current().pid()).toMillis() - ownCpuMs) / 1e3 / seconds;
        say(String.format(
                Locale.ROOT,
                "%s, %.1f s: %,.0f changes/s, answered p50 %.2f p99 %.1f ms; %,.0f frames/s; frame after the answer p50 %s, "
                        + "after the call %s ms; cores: node %.2f, clients and writers %.2f",
                name,
                seconds,
                (changes() - changes) / seconds,
                answered.getValueAtPercentile(50) / 1e6,
                answered.getValueAtPercentile(99) / 1e6,
                (tally.frames.sum() - frames) / seconds,
                ms(seen.fromAnswer()),
                ms(seen.fromCall()),
                nodeCores,
                ownCores));
        return seen;
    }

    private static String ms(Histogram seen) {
        return String.format(
                Locale.ROOT,
                "%.2f p99 %.1f max %.0f",
                seen.getValueAtPercentile(50) / 1e6,
                seen.getValueAtPercentile(99) / 1e6,
                seen.getMaxValue() / 1e6);
    }

    private long changes() {
        return logs.stream().mapToLong(GroupLog::acknowledged).sum();
    }

    /** Prints what the node counts of its feeds. */
    void meters(String when, Map<String, Double> meters) {
        StringBuilder line = new StringBuilder("node's meters, ").append(when).append(':');
        meters.forEach((name, value) -> {
            if (value != 0 && METERS.matcher(name).matches()) {
                line.append(String.format(Locale.ROOT, " %s %,.0f;", name.substring("millrace_".length()), value));
            }
        });
        say(line.toString());
    }

    /** Prints the sums. */
    void end(long retries) {
        meters("at the end", admin.meters());
        say(String.format(
                Locale.ROOT,
                "sockets saw %,d frames (%,d events), %,d snapshots after %,d joins without and %,d with a cursor; %,d "
                        + "connections were lost; resets %s; %,d calls were repeated",
                tally.frames.sum(),
                tally.events.sum(),
                tally.syncs.sum(),
                tally.freshJoins.sum(),
                tally.cursorJoins.sum(),
                tally.lost.sum(),
                tally.resets(),
                retries));
    }
}
