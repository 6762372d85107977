package io.millrace.engine.queue;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.PeerFailedException;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.port.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Has dead letters settled by one node of all, the one with the smallest id: two that do so at once would send the same
 * letters twice, as happens when they do not know of each other.
 */
final class Settlement {
    /** {@code {"subject":…,"only"?:…,"redrive":…}}, answered with how many there were. */
    private static final String SETTLE = "settle";

    /** However long the caller waits. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Letters letters;
    private final String node;
    private final Peers peers;
    private final InstantSource clock;

    Settlement(Letters letters, String node, Peers peers, InstantSource clock) {
        this.letters = letters;
        this.node = node;
        this.peers = peers;
        this.clock = clock;
        peers.answer(
                SETTLE, (from, body, deadline) -> asked(Json.ofTrusted(body).tree()));
    }

    private CompletionStage<byte[]> asked(JsonNode asked) {
        JsonNode only = asked.path("only");
        return here(
                        asked.path("subject").asString(""),
                        only.isString() ? only.stringValue() : null,
                        asked.path("redrive").asBoolean(false))
                .thenApply(count -> new JsonText(8).number(count).taken());
    }

    private CompletionStage<Integer> here(String subject, @Nullable String only, boolean redrive) {
        Predicate<DeadLetter.Subject> named = each -> each.name().equals(subject);
        return letters.settle(named, only, redrive);
    }

    /**
     * Settles letters.
     *
     * @param only the one letter that is meant, or null for all of the subject
     * @return completes with how many there were; fails if that is not known
     */
    CompletionStage<Integer> settle(String subject, @Nullable String only, boolean redrive, Instant deadline) {
        Queue<Peer> before = new ArrayDeque<>(peers.all().stream()
                .filter(peer -> peer.node().compareTo(node) < 0)
                .sorted(Comparator.comparing(Peer::node))
                .toList());
        JsonText text = new JsonText().raw("{\"subject\":").quoted(subject);
        if (only != null) {
            text.raw(",\"only\":").quoted(only);
        }
        byte[] question = text.raw(",\"redrive\":" + redrive + "}").taken();
        Instant latest = clock.instant().plus(PATIENCE);
        Instant until = deadline.isBefore(latest) ? deadline : latest;
        return firstOf(before, question, until, () -> here(subject, only, redrive));
    }

    /** Who cannot do it, since it has no queues, leaves it to the next. */
    private static CompletionStage<Integer> firstOf(
            Queue<Peer> peers, byte[] question, Instant deadline, Otherwise otherwise) {
        Peer first = peers.poll();
        if (first == null) {
            return otherwise.settle();
        }
        return first.ask(SETTLE, question, deadline)
                .thenApply(answer -> Json.ofTrusted(answer).tree().asInt(0))
                .exceptionallyCompose(failure -> {
                    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
                    return cause instanceof PeerFailedException
                            ? firstOf(peers, question, deadline, otherwise)
                            : CompletableFuture.failedStage(cause);
                });
    }

    /** What is done if no other node is to do it. */
    @FunctionalInterface
    private interface Otherwise {
        CompletionStage<Integer> settle();
    }
}
