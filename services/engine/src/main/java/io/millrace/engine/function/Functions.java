package io.millrace.engine.function;

import java.util.Collection;
import java.util.concurrent.CompletionStage;

/** Everything that can be invoked, by id. */
public interface Functions {
    /**
     * Invokes a function.
     *
     * @return completes with what it came to, never exceptionally: an unknown id is the failure {@code
     *     function_not_found}
     */
    CompletionStage<Outcome> invoke(Invocation invocation);

    /** The ids that are there now, in order. */
    Collection<String> ids();
}
