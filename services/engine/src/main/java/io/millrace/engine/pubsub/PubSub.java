package io.millrace.engine.pubsub;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Functions;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.function.Payload;
import io.millrace.engine.port.MessageLog;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.TriggerType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The function {@code publish} and the trigger type {@code subscribe}. Every subscription's function is called with the data
 * as it was published; nobody waits for it, and what it comes to is only counted.
 */
public final class PubSub implements TriggerType {
    /** What it is called in registrations. */
    public static final String TYPE = "subscribe";

    private final MessageLog log;
    private final Functions functions;
    private final Duration timeout;
    private final int maxDataBytes;
    private final InstantSource clock;
    private final PubSubEvents events;
    private final Map<String, List<Binding>> subscriptions = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /**
     * Nobody subscribes yet.
     *
     * @param timeout how long a function may take before nobody counts it any longer
     * @param maxDataBytes the largest data, as compact JSON
     */
    public PubSub(
            MessageLog log,
            Functions functions,
            Duration timeout,
            int maxDataBytes,
            InstantSource clock,
            PubSubEvents events) {
        this.log = log;
        this.functions = functions;
        this.timeout = timeout;
        this.maxDataBytes = maxDataBytes;
        this.clock = clock;
        this.events = events;
    }

    /** The function {@code publish}. */
    public LocalFunction publish() {
        return Payload.function("publish", "Publish a message to a topic", "publish_error", this::publish);
    }

    private CompletionStage<Outcome> publish(Payload payload) {
        String topic = payload.text("topic");
        Json data = payload.value("data");
        if (topic.isEmpty()) {
            return failed("topic_not_set", "Topic is not set");
        }
        if (data.sizeBytes() > maxDataBytes) {
            return failed(
                    "VALUE_TOO_LARGE",
                    "data of " + data.sizeBytes() + " bytes exceeds the configured max_value_bytes limit of "
                            + maxDataBytes);
        }
        Invocation.Context context = payload.invocation().context();
        return log.publish(new MessageLog.Message(topic, data, context.traceParent(), context.baggage()))
                .thenApply(ignored -> {
                    events.published();
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
        return "Calls a function with every message that is published to a topic while it is subscribed";
    }

    @Override
    public Json configFormat() {
        return Json.ofText("""
                {"type":"object","required":["topic"],"properties":{"topic":{"type":"string"}}}""");
    }

    @Override
    public CompletionStage<Void> bind(Binding binding) {
        String topic = topic(binding);
        if (topic == null) {
            throw new TriggerRefusedException("topic is required");
        }
        subscriptions.compute(topic, (ignored, all) -> {
            List<Binding> more = all == null ? new CopyOnWriteArrayList<>() : all;
            more.add(binding);
            return more;
        });
        events.subscriptions(count.incrementAndGet());
        return log.follow(this::told);
    }

    @Override
    public void unbind(Binding binding, Ending ending) {
        String topic = topic(binding);
        if (topic == null) {
            return;
        }
        subscriptions.computeIfPresent(topic, (ignored, all) -> {
            if (all.remove(binding)) {
                events.subscriptions(count.decrementAndGet());
            }
            return all.isEmpty() ? null : all;
        });
    }

    private void told(MessageLog.Message message) {
        Invocation.Context context = new Invocation.Context(message.traceParent(), message.baggage(), null, null);
        for (Binding binding : subscriptions.getOrDefault(message.topic(), List.of())) {
            var _ = functions
                    .invoke(new Invocation(
                            binding.functionId(),
                            message.data(),
                            clock.instant().plus(timeout),
                            context))
                    .thenAccept(outcome -> events.delivered(outcome instanceof Outcome.Failure));
        }
    }

    private static @Nullable String topic(Binding binding) {
        JsonNode topic = binding.config().tree().path("topic");
        return topic.isString() ? topic.stringValue() : null;
    }
}
