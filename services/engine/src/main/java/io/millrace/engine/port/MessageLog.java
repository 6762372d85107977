package io.millrace.engine.port;

import io.millrace.core.value.Json;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The messages of pub/sub: told to whoever listens now, on every node; kept for nobody. Calls may come from any thread. */
public interface MessageLog {
    /**
     * Sends a message, in order per topic and caller.
     *
     * @return completes when it is safely in Kafka; fails if it could not be sent
     */
    CompletionStage<Void> publish(Message message);

    /**
     * Begins to tell every message of every topic, in order per topic. To be called again as often as one likes, but always
     * with the same listener.
     *
     * @param told called on one thread: must return at once
     * @return completes when nothing that is sent from then on will be missed
     */
    CompletionStage<Void> follow(Consumer<Message> told);

    /**
     * One message.
     *
     * @param topic who is to get it: any text, compared exactly
     * @param traceParent W3C trace context of the sender
     * @param baggage W3C baggage of the sender
     */
    record Message(
            String topic,
            Json data,
            @Nullable String traceParent,
            @Nullable String baggage) {}
}
