package io.millrace.engine.queue;

import io.millrace.core.value.Json;
import io.millrace.engine.trigger.Conditions;
import io.millrace.engine.trigger.TriggerRefusedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The config of a {@code durable:subscriber}.
 *
 * @param conditionId the function that may keep a message from being handled
 */
record SubscriberConfig(String topic, @Nullable String conditionId, QueueSettings settings) {
    /** Reads it; throws {@link TriggerRefusedException} if it is none. */
    static SubscriberConfig of(Json config) {
        JsonNode tree = config.tree();
        JsonNode topic = tree.path("topic");
        if (!topic.isString() || topic.stringValue().isEmpty()) {
            throw new TriggerRefusedException("topic is required for queue triggers");
        }
        return new SubscriberConfig(topic.stringValue(), Conditions.of(tree), settings(tree.path("queue_config")));
    }

    private static QueueSettings settings(JsonNode given) {
        QueueSettings unsaid = QueueSettings.DEFAULT;
        boolean fifo = given.path("type").asString("standard").equals("fifo");
        // Those who say how often it is to be tried again get that and the first time.
        int attempts = given.path("maxRetries").isMissingNode()
                ? unsaid.attempts()
                : 1 + within("maxRetries", given.path("maxRetries"), 0, 1_000);
        return new QueueSettings(
                fifo ? QueueSettings.Order.FIFO : QueueSettings.Order.STANDARD,
                null,
                attempts,
                within("concurrency", given.path("concurrency"), unsaid.concurrency(), 1, 10_000),
                Duration.ofMillis(within(
                        "backoffDelayMs",
                        given.path("backoffDelayMs"),
                        (int) unsaid.backoff().toMillis(),
                        0,
                        3_600_000)));
    }

    private static int within(String name, JsonNode found, int unsaid, int min, int max) {
        return found.isMissingNode() || found.isNull() ? unsaid : within(name, found, min, max);
    }

    private static int within(String name, JsonNode found, int min, int max) {
        if (!found.isIntegralNumber() || !found.canConvertToInt() || found.intValue() < min || found.intValue() > max) {
            throw new TriggerRefusedException(
                    "queue_config." + name + " must be a whole number from " + min + " to " + max);
        }
        return found.intValue();
    }
}
