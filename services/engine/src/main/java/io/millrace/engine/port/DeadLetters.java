package io.millrace.engine.port;

import java.util.concurrent.CompletionStage;

/** Where events go that could not be delivered. Kept for some days. */
@FunctionalInterface
public interface DeadLetters {
    /** The topic they are in, without the prefix that all of ours have. */
    String TOPIC = "dead-letters";

    /**
     * Keeps a letter.
     *
     * @return completes when it is safely in Kafka; fails if it may not be
     */
    CompletionStage<Void> keep(DeadLetter letter);
}
