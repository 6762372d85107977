package io.millrace.engine.function;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.port.EventLog;
import io.millrace.engine.write.Mutations;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Ephemeral events, each after the changes that were acknowledged here before it was sent. */
final class Sends {
    private final EventLog events;
    private final Mutations mutations;

    Sends(EventLog events, Mutations mutations) {
        this.events = events;
        this.mutations = mutations;
    }

    CompletionStage<Void> send(Group group, Json frame, @Nullable String traceParent) {
        return events.send(group, frame, mutations.committed(group), traceParent);
    }
}
