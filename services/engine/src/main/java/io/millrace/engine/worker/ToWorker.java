package io.millrace.engine.worker;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Binding;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message to a worker. */
public sealed interface ToWorker {
    /** The first one: who it is for us, and what it needs to take its own place when it connects again. */
    record Registered(String workerId, String reattachToken) implements ToWorker {}

    /** Somebody else serves a function of that id, and will go on doing so alone. */
    record RegistrationRejected(String functionId, String ownerWorkerId) implements ToWorker {}

    /**
     * A function of it is called.
     *
     * @param callerWorkerId the calling worker, which an object's {@code data} is to name as {@code _caller_worker_id}
     */
    record Invoke(
            UUID invocationId,
            String functionId,
            Json data,
            @Nullable String traceParent,
            @Nullable String baggage,
            @Nullable Json metadata,
            @Nullable String callerWorkerId)
            implements ToWorker {}

    /** What became of a call it made. */
    record Result(
            UUID invocationId,
            String functionId,
            Outcome outcome,
            @Nullable String traceParent,
            @Nullable String baggage)
            implements ToWorker {}

    /** A trigger of a type it provides. */
    record RegisterTrigger(Binding binding) implements ToWorker {}

    /** A trigger of a type it provides is gone. */
    record UnregisterTrigger(String id, String triggerType) implements ToWorker {}

    /** A trigger it wanted was refused. */
    record TriggerRefused(String id, String triggerType, String functionId, String code, String message)
            implements ToWorker {}

    /** The answer to a ping in JSON. */
    record Pong() implements ToWorker {}
}
