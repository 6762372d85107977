package io.millrace.engine.port;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Where ephemeral events go: told to whoever listens now, kept by nobody. */
@FunctionalInterface
public interface EventLog {
    /** Header: {@code after} of {@link #send}, if it is not -1, in decimal. */
    String AFTER_OFFSET = "millrace-after-offset";

    /**
     * Sends one frame to the subscribers of a group, in order per group.
     *
     * @param after the last change of the group's partition that the sender knows to be committed, by its offset: to be
     *     told before the event. -1 if it knows of none
     * @param traceParent the sender's W3C trace context, if any
     * @return completes when the event is safely in Kafka; fails if it could not be sent
     */
    CompletionStage<Void> send(Group group, Json frame, long after, @Nullable String traceParent);
}
