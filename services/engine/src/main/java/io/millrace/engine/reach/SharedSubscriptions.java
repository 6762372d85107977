package io.millrace.engine.reach;

import io.millrace.engine.peer.Peers;
import io.millrace.engine.peer.Poll;
import io.millrace.engine.subscription.Sharing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Asks the other nodes which subscriptions they have bound. Who does not answer may have. */
final class SharedSubscriptions implements Sharing {
    /** The name as it is; answered with {@code true} or {@code false}. */
    private static final String SUBSCRIBED = "subscribed";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Peers peers;
    private final InstantSource clock;

    SharedSubscriptions(Peers peers, InstantSource clock) {
        this.peers = peers;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Boolean> isShared(String subscription) {
        return new Poll(peers)
                .ask(
                        SUBSCRIBED,
                        subscription.getBytes(StandardCharsets.UTF_8),
                        clock.instant().plus(PATIENCE))
                .thenApply(answers ->
                        answers.missing() > 0 || answers.given().stream().anyMatch(Poll.Answer::isYes));
    }

    @Override
    public void answer(Function<String, CompletionStage<Boolean>> isBoundHere) {
        peers.answer(
                SUBSCRIBED,
                (from, body, deadline) -> isBoundHere
                        .apply(new String(body, StandardCharsets.UTF_8))
                        .thenApply(Poll::yesOrNo));
    }
}
