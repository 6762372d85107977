package io.millrace.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millrace.engine.deliver.Delivery;
import io.millrace.engine.deliver.DeliveryEvents;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.TopicPartition;
import io.millrace.engine.subscription.SubscriptionEvents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what is delivered to functions, and what is not; tells of what somebody should know. */
public final class DeliveryMeters implements DeliveryEvents, SubscriptionEvents {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryMeters.class);

    /** So that they are zero, not absent, until something happens. */
    private static final List<String> USUAL_KINDS = List.of("queue", "state", "stream");

    private final MeterRegistry registry;
    private final Map<DeadLetter.Subject, Delivery> under = new ConcurrentHashMap<>();
    private final Map<DeadLetter.Subject, BySubscription> subjects = new ConcurrentHashMap<>();

    DeliveryMeters(MeterRegistry registry) {
        this.registry = registry;
        for (String kind : USUAL_KINDS) {
            delivered(kind);
            failed(kind);
            letters(kind);
            total("delivery.calls", "Calls of functions under way that deliver events.", kind, Delivery::calls);
            total("delivery.retries", "Events that wait to be tried again.", kind, Delivery::retries);
            total("delivery.lag", "Events read or unread that are not done with.", kind, Delivery::lag);
        }
        for (String kind : List.of("state", "stream")) {
            live(kind, "delivered");
            live(kind, "failed");
            live(kind, "dropped");
            conditions(kind, "skipped");
            conditions(kind, "failed");
        }
    }

    /** The figures of one subscription or queue; they stay when it is no longer delivered here. */
    private record BySubscription(Counter delivered, Counter failed, Counter letters) {}

    private BySubscription of(DeadLetter.Subject subject) {
        return subjects.computeIfAbsent(subject, wanted -> {
            Tags tags = Tags.of("kind", wanted.kind(), "subscription", wanted.name());
            one("subscription.lag", tags, wanted, Delivery::lag);
            one("subscription.calls", tags, wanted, Delivery::calls);
            one("subscription.retries", tags, wanted, Delivery::retries);
            return new BySubscription(
                    registry.counter("millrace.subscription.delivered", tags),
                    registry.counter("millrace.subscription.failed", tags),
                    registry.counter("millrace.subscription.dead.letters", tags));
        });
    }

    private void one(String name, Tags tags, DeadLetter.Subject subject, ToDoubleFunction<Delivery> figure) {
        Gauge.builder("millrace." + name, () -> {
                    Delivery delivery = under.get(subject);
                    return delivery == null ? 0 : figure.applyAsDouble(delivery);
                })
                .tags(tags)
                .register(registry);
    }

    private void total(String name, String description, String kind, ToDoubleFunction<Delivery> figure) {
        Gauge.builder(
                        "millrace." + name,
                        () -> under.entrySet().stream()
                                .filter(each -> each.getKey().kind().equals(kind))
                                .mapToDouble(each -> figure.applyAsDouble(each.getValue()))
                                .sum())
                .description(description)
                .tag("kind", kind)
                .register(registry);
    }

    private Timer delivered(String kind) {
        return Timer.builder("millrace.delivery")
                .description("From the call that delivers an event to its answer; only those that succeed.")
                .tag("kind", kind)
                .serviceLevelObjectives(
                        Duration.ofMillis(1), Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofSeconds(1))
                .register(registry);
    }

    private Counter failed(String kind) {
        return counter("delivery.failed", "Attempts to deliver an event that failed.", "kind", kind);
    }

    private Counter letters(String kind) {
        return counter("dead.letters", "Events that went to the dead letters.", "kind", kind);
    }

    private Counter live(String kind, String outcome) {
        return Counter.builder("millrace.live.events")
                .description("Events of triggers that are not durable, by what became of them.")
                .tag("kind", kind)
                .tag("outcome", outcome)
                .register(registry);
    }

    private Counter conditions(String kind, String outcome) {
        return Counter.builder("millrace.conditions")
                .description("Events that a condition kept from a function: it said no, or failed.")
                .tag("kind", kind)
                .tag("outcome", outcome)
                .register(registry);
    }

    private Counter counter(String name, String description, String tag, String value) {
        return Counter.builder("millrace." + name)
                .description(description)
                .tag(tag, value)
                .register(registry);
    }

    @Override
    public void began(DeadLetter.Subject subject, Delivery delivery) {
        under.put(subject, delivery);
        of(subject);
        LOG.atDebug()
                .addKeyValue("kind", subject.kind())
                .addKeyValue("subscription", subject.name())
                .log("delivery begins");
    }

    @Override
    public void ended(DeadLetter.Subject subject, Delivery delivery) {
        under.remove(subject, delivery);
        LOG.atDebug()
                .addKeyValue("kind", subject.kind())
                .addKeyValue("subscription", subject.name())
                .log("delivery ended");
    }

    @Override
    public void delivered(DeadLetter.Subject subject, Duration took) {
        delivered(subject.kind()).record(took);
        of(subject).delivered().increment();
    }

    @Override
    public void failed(
            DeadLetter.Subject subject,
            TopicPartition at,
            long offset,
            int attempt,
            Outcome.Failure failure,
            Duration nextIn) {
        failed(subject.kind()).increment();
        of(subject).failed().increment();
        LOG.atDebug()
                .addKeyValue("subscription", subject.name())
                .addKeyValue("record", at + "@" + offset)
                .addKeyValue("attempt", attempt)
                .addKeyValue("code", failure.code())
                .addKeyValue("nextInMs", nextIn.toMillis())
                .log("delivery failed, tried again");
    }

    @Override
    public void deadLettered(DeadLetter letter) {
        failed(letter.subject().kind()).increment();
        letters(letter.subject().kind()).increment();
        of(letter.subject()).letters().increment();
        LOG.atWarn()
                .addKeyValue("subscription", letter.subject().name())
                .addKeyValue("function", letter.functionId())
                .addKeyValue("record", letter.event() + "@" + letter.offset())
                .addKeyValue("attempts", letter.attempts())
                .addKeyValue("code", letter.code())
                .log("event could not be delivered, kept as a dead letter");
    }

    @Override
    public void notKept(DeadLetter letter, Throwable failure) {
        LOG.atWarn()
                .setCause(failure)
                .addKeyValue("subscription", letter.subject().name())
                .addKeyValue("record", letter.event() + "@" + letter.offset())
                .log("dead letter not kept, tried again");
    }

    @Override
    public void skipped(String type, String functionId) {
        conditions(type, "skipped").increment();
    }

    @Override
    public void conditionFailed(String type, String functionId, String conditionId, Outcome.Failure failure) {
        conditions(type, "failed").increment();
        LOG.atWarn()
                .addKeyValue("function", functionId)
                .addKeyValue("condition", conditionId)
                .addKeyValue("code", failure.code())
                .log("condition failed, event skipped");
    }

    @Override
    public void unavailable(String subscription, Throwable failure) {
        LOG.atWarn()
                .addKeyValue("subscription", subscription)
                .addKeyValue("reason", String.valueOf(failure.getMessage()))
                .log("subscription's group cannot be changed now");
    }

    @Override
    public void liveFailed(String type, String functionId, Outcome.Failure failure) {
        live(type, "failed").increment();
        LOG.atDebug()
                .addKeyValue("function", functionId)
                .addKeyValue("code", failure.code())
                .log("live trigger failed");
    }

    @Override
    public void liveDelivered(String type) {
        live(type, "delivered").increment();
    }

    @Override
    public void liveDropped(String type, String functionId) {
        live(type, "dropped").increment();
    }
}
