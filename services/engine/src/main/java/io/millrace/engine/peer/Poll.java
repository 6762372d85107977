package io.millrace.engine.peer;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks all other nodes the same. */
public record Poll(Peers peers) {
    /** What one has answered. */
    public record Answer(Peer from, Json said) {
        /** Whether it was a plain yes. */
        public boolean isYes() {
            return said.tree().asBoolean(false);
        }
    }

    /**
     * What came.
     *
     * @param missing how many have not answered, or could not make sense of it
     */
    public record Answers(List<Answer> given, int missing) {}

    /** A plain yes or no. */
    public static byte[] yesOrNo(boolean yes) {
        return new JsonText(5).raw(Boolean.toString(yes)).taken();
    }

    /** Completes when all have answered or will not any more, never exceptionally. */
    public CompletionStage<Answers> ask(String kind, byte[] body, Instant deadline) {
        List<Answer> given = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (Peer peer : List.copyOf(peers.all())) {
            asked.add(peer.ask(kind, body, deadline)
                    .handle((answer, failure) -> failure == null && given.add(new Answer(peer, Json.ofTrusted(answer))))
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(all -> {
            List<Answer> answers = List.copyOf(given);
            return new Answers(answers, asked.size() - answers.size());
        });
    }
}
