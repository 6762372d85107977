package io.millrace.web.peer;

import io.millrace.engine.peer.PeerFailedException;
import io.millrace.web.socket.MessageSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Sends the answers to one node's questions, from whatever thread they come. */
final class Replies {
    private static final byte[] NOTHING = {};
    private static final int MOST_WHY_CHARS = 1_000;
    /** Beyond the bound, for the word that an answer found no room: as many times as questions may be open. */
    static final int SLACK_BYTES = 4 << 20;

    private final MessageSocket socket;
    private final PeerLinksConfig config;

    Replies(MessageSocket socket, PeerLinksConfig config) {
        this.socket = socket;
        this.config = config;
    }

    /** Sends an answer, or the failure if there is one. */
    void send(long id, byte @Nullable [] answer, @Nullable Throwable failure) {
        if (failure != null) {
            fail(id, why(failure));
        } else if (answer == null) {
            fail(id, "no answer");
        } else if (answer.length > config.messageBytes()) {
            fail(id, "answer of " + answer.length + " bytes (expected: at most " + config.messageBytes() + ")");
        } else if (!socket.trySend(config.queueBytes(), PeerMessage.replyHead(PeerMessage.ANSWER, id), answer)) {
            drop(id);
        }
    }

    private void fail(long id, String why) {
        byte[] sentence = why.getBytes(StandardCharsets.UTF_8);
        if (!socket.trySend(config.queueBytes(), PeerMessage.replyHead(PeerMessage.FAILURE, id), sentence)) {
            drop(id);
        }
    }

    private void drop(long id) {
        socket.trySend(config.queueBytes() + SLACK_BYTES, PeerMessage.replyHead(PeerMessage.DROPPED, id), NOTHING);
    }

    private static String why(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String message = String.valueOf(cause.getMessage());
        String why = cause instanceof PeerFailedException
                ? message
                : cause.getClass().getSimpleName() + ": " + message;
        return why.substring(0, Math.min(why.length(), MOST_WHY_CHARS));
    }
}
