package io.millrace.engine.worker;

import io.millrace.core.value.Json;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Outcome;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message of a worker. What a sender may leave out has its default here already. */
public sealed interface FromWorker {
    /**
     * It serves a function.
     *
     * @param endpoint the {@code invocation} object of a function that is an HTTP endpoint; null for one of its own
     */
    record RegisterFunction(
            FunctionDescription description, @Nullable Json endpoint) implements FromWorker {}

    /** It serves a function no longer. */
    record UnregisterFunction(String id) implements FromWorker {}

    /** It provides a type of trigger. */
    record RegisterTriggerType(
            String id,
            String description,
            @Nullable Json configFormat,
            @Nullable Json callFormat) implements FromWorker {}

    /** It provides a type of trigger no longer. */
    record UnregisterTriggerType(String id) implements FromWorker {}

    /** It wants a function to be called. */
    record RegisterTrigger(
            String id,
            String triggerType,
            String functionId,
            Json config,
            @Nullable Json metadata) implements FromWorker {}

    /** A trigger is to end, whoever registered it. */
    record UnregisterTrigger(String id) implements FromWorker {}

    /**
     * What became of a trigger of a type it provides.
     *
     * @param failure null if all is well
     */
    record TriggerResult(String id, String triggerType, Outcome.@Nullable Failure failure) implements FromWorker {}

    /**
     * It calls a function.
     *
     * @param invocationId null if it wants no answer
     */
    record Invoke(
            @Nullable UUID invocationId,
            String functionId,
            Json data,
            Action action,
            @Nullable String traceParent,
            @Nullable String baggage,
            @Nullable Json metadata)
            implements FromWorker {}

    /** It answers a call. */
    record Result(UUID invocationId, Outcome outcome) implements FromWorker {}

    /** It has been connected before. */
    record Reattach(String previousWorkerId, @Nullable String reattachToken) implements FromWorker {}

    /** It asks whether we are there. */
    record Ping() implements FromWorker {}

    /** What is to be done with a call. */
    sealed interface Action {
        /** It is to be made, and answered. */
        record Call() implements Action {}

        /** It is to be made, and what becomes of it concerns nobody. */
        record Forget() implements Action {}

        /** It is to be put into a queue, which is answered. */
        record Enqueue(String queue) implements Action {}
    }
}
