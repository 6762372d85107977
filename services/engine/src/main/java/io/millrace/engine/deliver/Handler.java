package io.millrace.engine.deliver;

import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Received;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes what is delivered. Calls come from any thread, for one partition one after another, and must return at once. */
public interface Handler {
    /**
     * Whether the record concerns it. Asked of every record, so the key's bytes should be looked at before anything else. A
     * record it does not want is done with. Must not throw.
     */
    boolean wants(Received record);

    /** What the record is to be kept in order with: those with equal keys go one after another. Null: with nothing. */
    @Nullable
    Object orderKey(Received record);

    /** The function that takes the record, for the dead letter. */
    String functionId(Received record);

    /**
     * Delivers the record: every record at least once.
     *
     * @param attempt from 1; failures that do not {@linkplain #counts count} do not raise it
     * @return completes with a failure if it is to be tried again, with anything else if it is done with. A stage that
     *     fails is a failure too
     */
    CompletionStage<Outcome> handle(Received record, int attempt);

    /** Whether a failure uses up an attempt. One that does not is tried again for ever: nobody was there to be called. */
    default boolean counts(Received record, Outcome.Failure failure) {
        return true;
    }
}
