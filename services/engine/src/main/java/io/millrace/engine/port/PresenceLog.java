package io.millrace.engine.port;

import io.millrace.core.value.Json;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What all nodes keep about their subscriptions: the latest value of each key. Calls may come from any thread. */
public interface PresenceLog {
    /**
     * Writes a value, or takes a key away. Returns at once; the records of one caller keep their order.
     *
     * @param value null to take the key away
     * @return completes when it is safely in the log; fails with {@link LogUnavailableException}, after which it may be there
     *     or not
     */
    CompletionStage<@Nullable Void> append(Json key, @Nullable Json value);

    /**
     * Reads everything from the beginning to where the log ends now, in order.
     *
     * @param visitor called on one thread; a key may come several times, and the last time counts
     * @return completes when all has been visited; fails with {@link LogUnavailableException}, perhaps amid it
     */
    CompletionStage<@Nullable Void> read(Visitor visitor);

    /** Gets what is read. */
    @FunctionalInterface
    interface Visitor {
        /** One record; without a value the key is gone. */
        void visit(Json key, @Nullable Json value);
    }
}
