package io.millrace.kafka;

import io.millrace.engine.port.Lease;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** The lease, from what the stream threads' consumers count. */
final class HeartbeatLease implements Lease {
    private static final String GROUP = "consumer-coordinator-metrics";
    /** Joining is a sign of life too, and while others are waited for the only one. */
    private static final Set<String> ANSWERS = Set.of("heartbeat-total", "join-total", "sync-total");

    private final Heartbeats heartbeats;
    private final LongSupplier clockNs;
    private volatile long heldUntilNs = Long.MIN_VALUE;

    HeartbeatLease(long sessionNs, LongSupplier clockNs) {
        this.heartbeats = new Heartbeats(sessionNs);
        this.clockNs = clockNs;
    }

    @Override
    public boolean held() {
        long until = heldUntilNs;
        return until != Long.MIN_VALUE && clockNs.getAsLong() - until < 0;
    }

    /** On one thread, several times in a heartbeat interval. */
    void sample(Map<MetricName, ? extends Metric> metrics) {
        // Before reading: an answer that comes meanwhile counts as older than it is, never as younger.
        long nowNs = clockNs.getAsLong();
        Map<String, Long> answers = new HashMap<>();
        metrics.forEach((name, metric) -> {
            if (name.group().equals(GROUP)
                    && ANSWERS.contains(name.name())
                    && metric.metricValue() instanceof Double count) {
                answers.merge(name.tags().getOrDefault("client-id", ""), count.longValue(), Long::sum);
            }
        });
        heartbeats.sample(nowNs, answers);
        heldUntilNs = heartbeats.heldUntilNs();
    }
}
