package io.millrace.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.engine.cron.CronEvents;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.pubsub.PubSubEvents;
import io.millrace.engine.queue.QueueEvents;
import io.millrace.engine.trigger.Binding;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what happens to queues, to pub/sub and to cron jobs, and logs what somebody might look for. */
public final class QueueMeters implements QueueEvents, PubSubEvents, CronEvents {
    private static final Logger LOG = LoggerFactory.getLogger(QueueMeters.class);

    private final MeterRegistry registry;
    private final Counter parked;
    private final Counter postponed;
    private final Counter published;
    private final AtomicInteger subscriptions = new AtomicInteger();
    private final AtomicInteger jobs = new AtomicInteger();

    QueueMeters(MeterRegistry registry) {
        this.registry = registry;
        parked = counter("queue.parked", "Messages of queues put aside, since nobody serves their function.");
        postponed = counter("queue.postponed", "Times something about a queue could not be done and was put off.");
        published = counter("messages.published", "Messages published to pub/sub topics by this node.");
        Gauge.builder("millrace.messages.subscriptions", subscriptions::get)
                .description("Pub/sub subscriptions of this node.")
                .register(registry);
        Gauge.builder("millrace.cron.jobs", jobs::get)
                .description("Cron jobs of this node.")
                .register(registry);
        // So that they are zero, not absent, until they happen.
        List.of("queue", "durable:subscriber").forEach(this::enqueued);
        List.of("redriven", "discarded").forEach(this::settled);
        List.of("ok", "failed").forEach(this::delivered);
        List.of("ok", "failed", "skipped", "unclaimed").forEach(this::runs);
    }

    private Counter counter(String name, String description) {
        return Counter.builder("millrace." + name).description(description).register(registry);
    }

    private Counter enqueued(String kind) {
        return Counter.builder("millrace.queue.enqueued")
                .description("Messages put into queues and durable topics by this node.")
                .tag("kind", kind)
                .register(registry);
    }

    private Counter settled(String how) {
        return Counter.builder("millrace.dead.letters.settled")
                .description("Dead letters sent to their functions once more, or thrown away.")
                .tag("how", how)
                .register(registry);
    }

    private Counter delivered(String outcome) {
        return Counter.builder("millrace.messages.delivered")
                .description("Calls of subscribed functions with pub/sub messages.")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Counter runs(String outcome) {
        return Counter.builder("millrace.cron.runs")
                .description("Runs of cron jobs.")
                .tag("outcome", outcome)
                .register(registry);
    }

    @Override
    public void enqueued(DeadLetter.Subject into) {
        enqueued(into.kind()).increment();
    }

    @Override
    public void parked(String queue, String functionId) {
        parked.increment();
        LOG.atDebug()
                .addKeyValue("queue", queue)
                .addKeyValue("function", functionId)
                .log("message put aside");
    }

    @Override
    public void postponed(String what, Throwable cause) {
        postponed.increment();
        LOG.atWarn()
                .addKeyValue("what", what)
                .addKeyValue("reason", String.valueOf(cause.getMessage()))
                .log("put off");
    }

    @Override
    public void settled(DeadLetter.Subject subject, boolean redriven) {
        settled(redriven ? "redriven" : "discarded").increment();
    }

    @Override
    public void published() {
        published.increment();
    }

    @Override
    public void delivered(boolean failed) {
        delivered(failed ? "failed" : "ok").increment();
    }

    @Override
    public void subscriptions(int now) {
        subscriptions.set(now);
    }

    @Override
    public void ran(Binding job, Outcome.@Nullable Failure failure) {
        runs(failure == null ? "ok" : "failed").increment();
        log(job, failure, "cron job failed");
    }

    @Override
    public void skipped(Binding job, Outcome.@Nullable Failure failure) {
        runs("skipped").increment();
        log(job, failure, "cron job skipped: its condition failed");
    }

    @Override
    public void unclaimed(Binding job, Throwable cause) {
        runs("unclaimed").increment();
        LOG.atWarn()
                .addKeyValue("trigger", job.id())
                .addKeyValue("function", job.functionId())
                .addKeyValue("reason", String.valueOf(cause.getMessage()))
                .log("cron job not run: it is not known whether another node runs it");
    }

    private static void log(Binding job, Outcome.@Nullable Failure failure, String phrase) {
        if (failure != null) {
            LOG.atWarn()
                    .addKeyValue("trigger", job.id())
                    .addKeyValue("function", job.functionId())
                    .addKeyValue("code", failure.code())
                    .log(phrase);
        }
    }

    @Override
    public void jobs(int now) {
        jobs.set(now);
    }
}
