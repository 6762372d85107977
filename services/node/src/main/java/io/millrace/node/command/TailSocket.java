package io.millrace.node.command;

import java.io.PrintWriter;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Prints each text message as a line. Its calls come one after another. */
final class TailSocket implements WebSocket.Listener {
    private final PrintWriter out;
    private final StringBuilder message = new StringBuilder();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    TailSocket(PrintWriter out) {
        this.out = out;
    }

    /** Completes with the reason when the connection is over. */
    CompletableFuture<String> ended() {
        return ended;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
        message.append(part);
        if (last) {
            out.println(message);
            out.flush();
            message.setLength(0);
        }
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
        ended.complete("closed by the gateway (" + status + (reason.isEmpty() ? "" : " " + reason) + ")");
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
        String why = failure.getMessage();
        ended.complete("connection lost" + (why == null ? "" : " (" + why + ")"));
    }
}
