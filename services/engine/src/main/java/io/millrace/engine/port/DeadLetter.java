package io.millrace.engine.port;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An event that could not be delivered, and why.
 *
 * @param subject of whom: where it came from, and the record's key
 * @param functionId which function did not take it
 * @param event the topic, partition and offset it was read from
 * @param attempts how often the function was called
 * @param code of the last failure
 * @param message of the last failure
 * @param failedAt when we gave up
 * @param payload the event as it is
 */
public record DeadLetter(
        Subject subject,
        String functionId,
        TopicPartition event,
        long offset,
        int attempts,
        String code,
        String message,
        Instant failedAt,
        Json payload) {
    /**
     * Whose letters belong together.
     *
     * @param kind for instance {@code state}, {@code stream} or {@code queue}
     * @param name a trigger's subscription, or a queue's name
     */
    public record Subject(String kind, String name) {}

    /** The letter as the record's value. */
    public Json toJson() {
        JsonText text = new JsonText(512 + payload.sizeBytes());
        text.raw("{\"subscription\":").quoted(subject.name());
        text.raw(",\"kind\":").quoted(subject.kind());
        text.raw(",\"function_id\":").quoted(functionId);
        text.raw(",\"topic\":").quoted(event.topic());
        text.raw(",\"partition\":").number(event.partition());
        text.raw(",\"offset\":").number(offset);
        text.raw(",\"attempts\":").number(attempts);
        text.raw(",\"error\":{\"code\":").quoted(sound(code));
        text.raw(",\"message\":").quoted(sound(message));
        text.raw("},\"failed_at\":").number(failedAt.toEpochMilli());
        return text.raw(",\"event\":").json(payload).raw("}").toJson();
    }

    /** The record's key. */
    public Json key() {
        return new JsonText()
                .raw("{\"kind\":")
                .quoted(subject.kind())
                .raw(",\"subscription\":")
                .quoted(subject.name())
                .raw("}")
                .toJson();
    }

    /** The letter in a record's value; null if it is none. */
    public static @Nullable DeadLetter of(Json value) {
        JsonNode tree = value.tree();
        JsonNode payload = tree.get("event");
        if (payload == null
                || !tree.path("subscription").isString()
                || !tree.path("function_id").isString()) {
            return null;
        }
        try {
            return new DeadLetter(
                    new Subject(
                            tree.path("kind").asString(""),
                            tree.path("subscription").stringValue()),
                    tree.path("function_id").stringValue(),
                    new TopicPartition(
                            tree.path("topic").asString(""),
                            tree.path("partition").asInt(0)),
                    tree.path("offset").asLong(0),
                    tree.path("attempts").asInt(0),
                    tree.path("error").path("code").asString(""),
                    tree.path("error").path("message").asString(""),
                    Instant.ofEpochMilli(tree.path("failed_at").asLong(0)),
                    Json.of(payload));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Text from outside may have half a surrogate pair, which UTF-8 cannot hold. */
    private static String sound(String text) {
        StringBuilder sound = new StringBuilder(text);
        for (int lone = JsonText.loneSurrogate(text); lone >= 0; lone = JsonText.loneSurrogate(sound.toString())) {
            sound.setCharAt(lone, '\uFFFD');
        }
        return sound.toString();
    }
}
