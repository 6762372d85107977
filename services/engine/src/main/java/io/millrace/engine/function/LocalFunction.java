package io.millrace.engine.function;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A function of this process.
 *
 * @param description how it is listed
 * @param call what it does: returns at once and completes with the outcome, never exceptionally
 */
public record LocalFunction(FunctionDescription description, Function<Invocation, CompletionStage<Outcome>> call) {
    /** Its id. */
    public String id() {
        return description.id();
    }
}
