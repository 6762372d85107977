package io.millrace.engine.port;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Where ephemeral events go: told to whoever listens now, kept by nobody. */
@FunctionalInterface
public interface EventLog {
    /**
     * Sends one frame to the subscribers of a group, in order per group.
     *
     * @param traceParent the sender's W3C trace context, if any
     * @return completes when the event is safely in Kafka; fails if it could not be sent
     */
    CompletionStage<Void> send(Group group, Json frame, @Nullable String traceParent);
}
