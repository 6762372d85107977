package io.millrace.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** The metrics of all Kafka clients that are open now. */
final class ClientMetrics {
    private final Set<Source> sources = ConcurrentHashMap.newKeySet();

    /** Counts a client in until the returned source is closed. */
    Source add(Supplier<? extends Map<MetricName, ? extends Metric>> metrics) {
        Source source = new Source(metrics);
        sources.add(source);
        return source;
    }

    Map<MetricName, Metric> all() {
        Map<MetricName, Metric> all = new HashMap<>();
        for (Source source : sources) {
            all.putAll(source.metrics.get());
        }
        return all;
    }

    /** One client. */
    final class Source implements AutoCloseable {
        private final Supplier<? extends Map<MetricName, ? extends Metric>> metrics;

        private Source(Supplier<? extends Map<MetricName, ? extends Metric>> metrics) {
            this.metrics = metrics;
        }

        @Override
        public void close() {
            sources.remove(this);
        }
    }
}
