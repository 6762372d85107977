package io.millrace.engine.port;

import io.millrace.core.value.Json;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What each node says of itself to all others: the latest record of each counts. Calls may come from any thread. */
public interface ClusterLog {
    /**
     * Says something of a node, or takes back what was said of it. Returns at once; the records of one caller keep their
     * order.
     *
     * @param record null to take it back
     * @return completes when it is safely in the log; fails with {@link LogUnavailableException}, after which it may be there
     *     or not
     */
    CompletionStage<@Nullable Void> append(String node, @Nullable Json record);

    /**
     * Tells everything that was said, and then what is being said, until closed. A reader that fails begins again by itself.
     *
     * @param listener called on one thread, in order
     */
    Following follow(Listener listener);

    /** Gets what is said. */
    interface Listener {
        /** What was said of a node last; null: nothing any more. May come again. */
        void told(String node, @Nullable Json record);

        /** Everything that had been said when this began to follow has been told; comes once. */
        void caughtUp();
    }

    /** Somebody follows. */
    @FunctionalInterface
    interface Following extends AutoCloseable {
        @Override
        void close();
    }
}
