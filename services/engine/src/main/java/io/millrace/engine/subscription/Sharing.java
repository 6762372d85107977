package io.millrace.engine.subscription;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Whether a subscription is bound at other nodes, too: its group, and how far that has got, is theirs as well then. */
public interface Sharing {
    /** There is no other node. */
    Sharing ALONE = new Sharing() {
        @Override
        public CompletionStage<Boolean> isShared(String subscription) {
            return CompletableFuture.completedStage(false);
        }

        @Override
        public void answer(Function<String, CompletionStage<Boolean>> isBoundHere) {}
    };

    /** Completes with whether another node has it bound, or may have; never exceptionally. */
    CompletionStage<Boolean> isShared(String subscription);

    /** Lets other nodes ask the same of this one. To be called once. */
    void answer(Function<String, CompletionStage<Boolean>> isBoundHere);
}
