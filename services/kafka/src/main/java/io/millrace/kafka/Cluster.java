package io.millrace.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

/** The connection by which we look at the cluster rather than use it. */
final class Cluster implements AutoCloseable {
    private static final int PROBE_TIMEOUT_MS = 2_000;

    private final Admin admin;
    private final ClientSettings settings;
    private final String id;
    private final int brokers;
    private final AtomicBoolean probing = new AtomicBoolean();
    private volatile boolean reachable = true;

    private Cluster(Admin admin, ClientSettings settings) {
        this.admin = admin;
        this.settings = settings;
        DescribeClusterResult found = admin.describeCluster();
        this.id = await("look at the cluster", found.clusterId());
        this.brokers = await("look at the cluster", found.nodes()).size();
    }

    /**
     * Connects.
     *
     * @throws RefusedStartException if nobody answers within the call time-out, or not to us
     */
    static Cluster connect(ClientSettings settings) {
        Admin admin;
        try {
            admin = Admin.create(settings.admin());
        } catch (KafkaException e) {
            throw new RefusedStartException(
                    "Kafka at " + settings.bootstrapServers() + " cannot be used (" + reason(e)
                            + "): correct the bootstrap servers or the client settings",
                    e);
        }
        try {
            return new Cluster(admin, settings);
        } catch (RuntimeException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    Admin admin() {
        return admin;
    }

    String id() {
        return id;
    }

    int brokers() {
        return brokers;
    }

    Duration callTimeout() {
        return settings.callTimeout();
    }

    /**
     * What a call to the cluster comes to.
     *
     * @param what we want, for the message
     * @throws RefusedStartException if it fails or does not come in time
     */
    <T> T await(String what, KafkaFuture<T> answer) {
        try {
            return answer.get(settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw refused(what, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw refused(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedStartException("interrupted while waiting for Kafka: start again", e);
        }
    }

    private RefusedStartException refused(String what, Throwable cause) {
        String where = "Kafka at " + settings.bootstrapServers();
        return switch (cause) {
            case AuthenticationException e ->
                new RefusedStartException(where + " refuses us (" + reason(e) + "): correct the client settings", e);
            case AuthorizationException e ->
                new RefusedStartException(
                        where + " does not allow us to " + what + " (" + reason(e) + "): grant it to this user", e);
            case TimeoutException e -> unreachable(where, e);
            case org.apache.kafka.common.errors.TimeoutException e -> unreachable(where, e);
            case Throwable e ->
                new RefusedStartException(where + " fails to " + what + " (" + reason(e) + "): see its log", e);
        };
    }

    private RefusedStartException unreachable(String where, Throwable cause) {
        return new RefusedStartException(
                where + " does not answer within " + settings.callTimeout().toMillis()
                        + " ms: start it or correct the bootstrap servers",
                cause);
    }

    /** Whether a broker answered when last asked. */
    boolean reachable() {
        return reachable;
    }

    /** Asks whether a broker answers; returns at once. */
    void probe() {
        if (!probing.compareAndSet(false, true)) {
            return;
        }
        try {
            KafkaFuture<String> answer = admin.describeCluster(new DescribeClusterOptions().timeoutMs(PROBE_TIMEOUT_MS))
                    .clusterId();
            var _ = answer.whenComplete((ignored, failure) -> {
                reachable = failure == null;
                probing.set(false);
            });
        } catch (IllegalStateException | KafkaException e) {
            reachable = false;
            probing.set(false);
        }
    }

    Map<MetricName, ? extends Metric> metrics() {
        return admin.metrics();
    }

    static String reason(Throwable e) {
        Throwable cause = e.getCause();
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return cause == null || cause.getMessage() == null || text.contains(cause.getMessage())
                ? text
                : text + ": " + cause.getMessage();
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
