package io.millrace.loadtest.soak;

import io.millrace.loadtest.soak.Manner.Pace;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.HdrHistogram.Recorder;
import tools.jackson.databind.JsonNode;

/**
 * One soak: all is calm; some stall; many come and go; perhaps the node is killed; all is quiet. Then every socket must
 * have what is stored.
 */
final class SoakRun {
    /** The stalled may make the others' worst percent this much slower: as much as runs differ. */
    private static final double MOST_SLOWER = 2;

    private static final double MOST_LATER_MS = 20;

    private final Soak.Plan plan;
    private final NodeUnderLoad node;
    private final Admin admin;
    private final Tally tally = new Tally();
    private final Violations violations = new Violations();
    private final Latencies latencies = new Latencies();
    private final Recorder answers = new Recorder(TimeUnit.MINUTES.toNanos(2), 2);
    private final LongAdder retries = new LongAdder();
    private final SoakReport report;
    private final List<GroupLog> logs;

    SoakRun(Soak.Plan plan, NodeUnderLoad node, PrintStream out) {
        this.plan = plan;
        this.node = node;
        this.admin = new Admin(node.admin());
        String streamName = "soak-" + System.currentTimeMillis();
        this.logs = IntStream.range(0, plan.groups())
                .mapToObj(group -> new GroupLog(streamName, "g" + group, plan.items(), group))
                .toList();
        this.report = new SoakReport(node, admin, tally, latencies, answers, logs, out);
    }

    /** Runs it and says what was wrong. */
    Violations run() throws InterruptedException {
        long heapBefore = report.memory("no sockets");
        Seat.Ledger ledger = new Seat.Ledger(tally, violations, latencies);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Crowd crowd = new Crowd(node.gateway(), plan.threads(), plan.plain(), logs, ledger)) {
            crowd.open(plan.sockets());
            report.memory("sockets open");
            List<GroupWriter> writers = writers();
            List<Future<?>> writing = new ArrayList<>();
            writers.forEach(writer -> writing.add(threads.submit(writer)));
            try {
                load(crowd, heapBefore);
            } finally {
                writers.forEach(GroupWriter::stop);
            }
            for (Future<?> writer : writing) {
                await(writer);
            }
            crowd.wake();
            crowd.awaitEverything();
        }
        compareStore();
        report.memory("all gone");
        report.end(retries.sum());
        return violations;
    }

    private List<GroupWriter> writers() {
        GroupWriter.Means means = new GroupWriter.Means(
                node.workers(), (double) plan.rate() / plan.groups(), plan.eventEvery(), answers, retries);
        return logs.stream().map(log -> new GroupWriter(log, means)).toList();
    }

    private void await(Future<?> writer) throws InterruptedException {
        try {
            writer.get();
        } catch (ExecutionException e) {
            violations.add("writer that gave up", String.valueOf(e.getCause()));
        }
    }

    private void load(Crowd crowd, long heapBefore) throws InterruptedException {
        Thread.sleep(plan.settle());
        double calmMs = calm("calm");
        crowd.openLaggards((int) Math.ceil(plan.sockets() * plan.stalled() / 100), Pace.STALLED);
        crowd.openLaggards((int) Math.ceil(plan.sockets() * plan.slow() / 100), Pace.SLOW);
        Thread.sleep(plan.settle());
        double stalledMs = calm("some stalled");
        if (plan.timing() && stalledMs > Math.max(calmMs * MOST_SLOWER, calmMs + MOST_LATER_MS)) {
            violations.add("healthy sockets delayed", "p99 " + calmMs + " ms, with stalled ones " + stalledMs + " ms");
        }
        bounded(report.memory("some stalled"), heapBefore);
        long joins = tally.freshJoins.sum();
        report.begin();
        crowd.churn(plan.sockets() * plan.reconnecting() / 100, plan.churn());
        report.phase("coming and going");
        crowd.awaitLive();
        report.say("%,d came back without a cursor".formatted(tally.freshJoins.sum() - joins));
        bounded(report.memory("came and went"), heapBefore);
        if (plan.kill()) {
            kill(crowd);
        }
    }

    private double calm(String name) throws InterruptedException {
        report.begin();
        Thread.sleep(plan.calm());
        return report.phase(name).p99AnswerMs();
    }

    private void bounded(long heap, long before) {
        if (heap - before > (long) plan.heapGrowth() << 20) {
            violations.add(
                    "heap that grows",
                    "%,d KiB after %,d KiB (expected: at most %d MiB more)"
                            .formatted(heap >> 10, before >> 10, plan.heapGrowth()));
        }
    }

    private void kill(Crowd crowd) throws InterruptedException {
        report.begin();
        long fresh = tally.freshJoins.sum();
        long withCursor = tally.cursorJoins.sum();
        long resets = tally.allResets();
        crowd.hold();
        node.killAndRestart();
        admin.awaitReady();
        report.phase("killed, up again");
        report.begin();
        crowd.release();
        crowd.awaitLive();
        report.phase("all sockets came back together");
        Map<String, Double> meters = admin.meters();
        double syncs = meters.getOrDefault("millrace_syncs_total", 0.0);
        fresh = tally.freshJoins.sum() - fresh;
        resets = tally.allResets() - resets;
        report.say("after the kill: %,d joins with a cursor, %,d without; %,.0f snapshots; %,d resets"
                .formatted(tally.cursorJoins.sum() - withCursor, fresh, syncs, resets));
        report.meters("after the kill", meters);
        if (syncs > fresh + resets) {
            violations.add("snapshots for those with cursors", syncs + " (expected: at most " + (fresh + resets) + ")");
        }
        // One for state and one for streams.
        double partitions = meters.getOrDefault("millrace_partitions_owned", 0.0) / 2;
        double reads = meters.getOrDefault("millrace_feed_replayed_records_count", 0.0);
        if (reads > partitions) {
            violations.add("partitions read more than once", reads + " (expected: at most " + partitions + ")");
        }
        report.begin();
        Thread.sleep(plan.settle());
        report.phase("after the kill");
    }

    private void compareStore() {
        for (GroupLog log : logs) {
            Map<String, Integer> stored = new HashMap<>();
            for (JsonNode item : admin.list(log.streamName(), log.groupId())) {
                stored.put(item.path("id").asString(""), item.path("n").asInt(0));
            }
            Map<String, Integer> written = new HashMap<>();
            int[] values = log.values();
            for (int item = 0; item < values.length; item++) {
                if (values[item] != 0) {
                    written.put(GroupWriter.itemId(item), values[item]);
                }
            }
            if (!stored.equals(written)) {
                violations.add(
                        "store that is not what was written",
                        log.groupId() + " " + stored + " (expected: " + written + ")");
            }
        }
    }
}
