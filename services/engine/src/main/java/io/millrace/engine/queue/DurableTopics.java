package io.millrace.engine.queue;

import io.millrace.core.value.Json;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.function.Payload;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.TriggerType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Durable topics: the function {@code iii::durable::publish} and the trigger type {@code durable:subscriber}. Each function
 * that subscribes gets every message, in a queue of its own; several triggers of one function share one.
 */
public final class DurableTopics implements TriggerType, AutoCloseable {
    /** What it is called in registrations. */
    public static final String TYPE = "durable:subscriber";

    /** Durable topics' topics are called so, and their names. */
    static final String PREFIX = "durable.";

    private final QueuesConfig config;
    private final QueueMeans means;
    private final Map<Subscriber.Of, Subscriber> subscribers = new HashMap<>();

    /** Nobody subscribes yet. */
    public DurableTopics(QueuesConfig config, QueueMeans means) {
        this.config = config;
        this.means = means;
    }

    /** The function {@code iii::durable::publish}. */
    public LocalFunction publish() {
        return Payload.function(
                "iii::durable::publish", "Publish a message to a durable topic", "publish_error", this::publish);
    }

    private CompletionStage<Outcome> publish(Payload payload) {
        String topic = payload.text("topic");
        Json data = payload.value("data");
        if (topic.isEmpty()) {
            return failed("topic_not_set", "Topic is not set");
        }
        String safe = SafeName.of(topic);
        if (safe == null) {
            return failed("invalid_topic", "topic of " + topic.length() + " characters (expected: at most about 120)");
        }
        if (data.sizeBytes() > config.maxDataBytes()) {
            return failed(
                    "VALUE_TOO_LARGE",
                    "data of " + data.sizeBytes() + " bytes exceeds the configured max_value_bytes limit of "
                            + config.maxDataBytes());
        }
        var context = payload.invocation().context();
        Task task = new Task("", means.ids().get().toString(), data, context.traceParent(), context.baggage());
        return means.log()
                .append(QueueLog.Kind.ORDERED, PREFIX + safe, null, task.entry(Map.of()))
                .thenApply(safelyThere -> {
                    means.events().enqueued(new DeadLetter.Subject(TYPE, topic));
                    return new Outcome.NoResult();
                });
    }

    private static CompletionStage<Outcome> failed(String code, String message) {
        return CompletableFuture.completedStage(new Outcome.Failure(code, message));
    }

    @Override
    public String id() {
        return TYPE;
    }

    @Override
    public String description() {
        return "Calls a function with every message of a durable topic, at least once each";
    }

    @Override
    public Json configFormat() {
        return Json.ofText("""
                {"type":"object","required":["topic"],"properties":{"topic":{"type":"string"},\
                "condition_function_id":{"type":"string"},"queue_config":{"type":"object","properties":{\
                "type":{"enum":["standard","fifo"]},"maxRetries":{"type":"integer"},\
                "concurrency":{"type":"integer"},"backoffDelayMs":{"type":"integer"}}}}}""");
    }

    @Override
    public CompletionStage<Void> bind(Binding binding) {
        SubscriberConfig read = SubscriberConfig.of(binding.config());
        String safeTopic = SafeName.of(read.topic());
        String safeFunction = SafeName.of(binding.functionId());
        if (safeTopic == null || safeFunction == null) {
            throw new TriggerRefusedException("topic and function_id are too long for a queue's name");
        }
        synchronized (this) {
            return subscribers
                    .computeIfAbsent(
                            new Subscriber.Of(read.topic(), binding.functionId()),
                            of -> new Subscriber(
                                    of, PREFIX + safeTopic, PREFIX + safeTopic + "." + safeFunction, config, means))
                    .add(binding, read);
        }
    }

    @Override
    public synchronized void unbind(Binding binding, Ending ending) {
        Subscriber subscriber = subscribers.get(
                new Subscriber.Of(SubscriberConfig.of(binding.config()).topic(), binding.functionId()));
        if (subscriber != null) {
            subscriber.remove(binding, ending == Ending.UNREGISTERED);
        }
    }

    /** How many triggers of this node subscribe, by topic. */
    synchronized Map<String, Integer> subscriptions() {
        Map<String, Integer> count = new HashMap<>();
        subscribers.forEach((of, subscriber) -> count.merge(of.topic(), subscriber.triggers(), Integer::sum));
        return count;
    }

    /** Ends all of it on this node. */
    @Override
    public void close() {
        List<CompletableFuture<?>> ending = new ArrayList<>();
        synchronized (this) {
            subscribers.values().forEach(one -> ending.add(one.end().toCompletableFuture()));
        }
        Ends.await(ending);
    }
}
