package io.millrace.node.observe;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/** All that is counted and measured, as Prometheus reads it. */
public final class Meters implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Deque<Runnable> binders = new ArrayDeque<>();

    /** Our own meters. */
    private final WriteMeters writes = new WriteMeters(registry);

    private final FeedMeters feeds = new FeedMeters(registry);

    private final SocketMeters sockets = new SocketMeters(registry);

    private final SurfaceMeters surface = new SurfaceMeters(registry);
    private final WorkerMeters workers = new WorkerMeters(registry);

    private final HttpMeters http = new HttpMeters(registry);
    private final GateMeters gate = new GateMeters(registry);
    private final PresenceMeters presence = new PresenceMeters(registry);
    private final RouteMeters routes = new RouteMeters(registry);
    private final FleetMeters fleet = new FleetMeters(registry);
    private final DeliveryMeters deliveries = new DeliveryMeters(registry);

    private final QueueMeters queues = new QueueMeters(registry);

    private final PeerMeters peers = new PeerMeters(registry);

    /** The JVM's meters, too. */
    public void bindJvm() {
        JvmGcMetrics gc = new JvmGcMetrics();
        binders.push(gc::close);
        gc.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
    }

    /** Kafka's own metrics, too: of the copies' application, and of all other clients as they come and go. */
    public void bindKafka(Optional<KafkaStreams> streams, Supplier<Map<MetricName, Metric>> clients) {
        streams.map(KafkaStreamsMetrics::new).ifPresent(store -> {
            binders.push(store::close);
            store.bindTo(registry);
        });
        bindClients(clients);
    }

    void bindClients(Supplier<Map<MetricName, Metric>> clients) {
        KafkaClientMetrics others = new KafkaClientMetrics(producerWith(clients));
        binders.push(others::close);
        others.bindTo(registry);
    }

    /** What the writers report to. */
    public WriteMeters writes() {
        return writes;
    }

    /** What the feeds of stream subscriptions report to. */
    public FeedMeters feeds() {
        return feeds;
    }

    /** What the stream port reports to. */
    public SocketMeters sockets() {
        return sockets;
    }

    /** What the http triggers' port reports to. */
    public HttpMeters http() {
        return http;
    }

    /** What telemetry and endpoints report to. */
    public SurfaceMeters surface() {
        return surface;
    }

    /** What workers and their port report to. */
    public WorkerMeters workers() {
        return workers;
    }

    /** What the gate of the stream port reports to. */
    public GateMeters gate() {
        return gate;
    }

    /** What is told who is subscribed. */
    public PresenceMeters presence() {
        return presence;
    }

    /** What is told of what other nodes are asked for. */
    public RouteMeters routes() {
        return routes;
    }

    /** What is told which nodes come and go. */
    public FleetMeters fleet() {
        return fleet;
    }

    /** What queues, pub/sub and cron jobs report to. */
    public QueueMeters queues() {
        return queues;
    }

    /** What deliveries and triggers report to. */
    public DeliveryMeters deliveries() {
        return deliveries;
    }

    /** What the connections to other nodes report to. */
    public PeerMeters peers() {
        return peers;
    }

    /** What Prometheus scrapes, in its text format. */
    public String scrape() {
        return registry.scrape();
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        binders.forEach(Runnable::run);
        registry.close();
    }

    /** Micrometer wants a client, and asks it for nothing but its metrics. */
    private static Producer<?, ?> producerWith(Supplier<Map<MetricName, Metric>> clients) {
        return (Producer<?, ?>) Proxy.newProxyInstance(
                Meters.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, args) -> {
                    if (method.getName().equals("metrics")) {
                        return clients.get();
                    }
                    throw new UnsupportedOperationException(method + " (expected: metrics)");
                });
    }

    /** The table of docs/metrics.md. */
    public String markdown() {
        SortedMap<String, String> rows = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            if (id.getName().startsWith("millrace.")) {
                String name = registry.config().namingConvention().name(id.getName(), id.getType(), id.getBaseUnit())
                        + (id.getType() == Meter.Type.COUNTER ? "_total" : "");
                String tags = id.getTags().stream().map(Tag::getKey).collect(Collectors.joining(", "));
                rows.put(
                        name,
                        "| `" + name + "` | " + kind(id.getType()) + " | " + tags + " | "
                                + Objects.requireNonNullElse(id.getDescription(), "") + " |\n");
            }
        }
        return "| meter | kind | tags | what it says |\n|---|---|---|---|\n" + String.join("", rows.values());
    }

    private static String kind(Meter.Type type) {
        return switch (type) {
            case COUNTER -> "counter";
            case GAUGE -> "gauge";
            case TIMER -> "histogram";
            case DISTRIBUTION_SUMMARY -> "summary";
            case LONG_TASK_TIMER, OTHER -> "other";
        };
    }
}
