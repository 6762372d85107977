package io.millrace.engine.function;

import java.util.concurrent.CompletionStage;

/**
 * One built-in function.
 *
 * @param id for instance {@code state::set}
 * @param description one line, for listings
 * @param whenStoreFails what the caller is told when the store cannot do it
 * @param call the function itself
 */
record BuiltIn(String id, String description, StoreFailure whenStoreFails, Call call) {
    /** What a function does. */
    @FunctionalInterface
    interface Call {
        /**
         * Reads the request and does as asked.
         *
         * @return the outcome; a stage that fails becomes {@link BuiltIn#whenStoreFails()}
         * @throws MalformedRequestException if the request is not one: nothing is done then
         */
        CompletionStage<Outcome> on(Request request);
    }
}
