package io.millrace.fleet;

import io.millrace.harness.NodeProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A worker that speaks the protocol itself: it says what it has to say whenever it is connected, answers calls, and connects
 * again, perhaps to another node, when its socket is lost or its node says nothing any more.
 */
final class RawWorker implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(4);
    private static final String PING = "{\"type\":\"ping\"}";

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Supplier<URI> place;
    private final List<String> introduction;
    private final Function<JsonNode, String> function;
    private volatile @Nullable Messages present;
    private volatile long heardNs = System.nanoTime();
    private volatile boolean closed;

    /**
     * Connects.
     *
     * @param place where to connect next
     * @param introduction the messages it begins with
     * @param function answers any call, on a thread of the call's own: from the data to the JSON of the result; an exception
     *     is a failed call
     */
    RawWorker(Supplier<URI> place, List<String> introduction, Function<JsonNode, String> function) {
        this.place = place;
        this.introduction = List.copyOf(introduction);
        this.function = function;
        connect();
        timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private void connect() {
        if (closed) {
            return;
        }
        http.newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(2))
                .buildAsync(place.get(), new Messages())
                .whenComplete((opened, failure) -> {
                    if (failure != null) {
                        later();
                    }
                });
    }

    private void later() {
        if (!closed) {
            timer.schedule(this::connect, 200, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        Messages looked = present;
        if (looked == null) {
            return;
        }
        if (System.nanoTime() - heardNs > SILENCE.toNanos()) {
            looked.abort();
            lost(looked);
        } else {
            looked.send(PING);
        }
    }

    private void lost(Messages which) {
        if (which == present) {
            present = null;
            later();
        }
    }

    private void take(Messages from, JsonNode message) {
        heardNs = System.nanoTime();
        if (message.path("type").asString().equals("invokefunction")) {
            Thread.ofVirtual().start(() -> answer(from, message));
        }
    }

    private void answer(Messages from, JsonNode message) {
        String reply = "{\"type\":\"invocationresult\",\"invocation_id\":" + message.path("invocation_id")
                + ",\"function_id\":" + message.path("function_id");
        try {
            reply += ",\"result\":" + function.apply(message.path("data")) + "}";
        } catch (RuntimeException e) {
            reply += ",\"error\":{\"code\":\"invocation_failed\",\"message\":\"refused by the test\"}}";
        }
        from.send(reply);
    }

    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        http.shutdownNow();
    }

    /** One connection. A message is sent when the one before has been. */
    private final class Messages implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
        private CompletableFuture<WebSocket> sent = opened;

        synchronized void send(String message) {
            sent = sent.thenCompose(socket -> socket.sendText(message, true));
        }

        void abort() {
            opened.thenAccept(WebSocket::abort);
        }

        @Override
        public void onOpen(WebSocket socket) {
            heardNs = System.nanoTime();
            present = this;
            opened.complete(socket);
            introduction.forEach(this::send);
            socket.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(this, NodeProcess.JSON.readTree(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            lost(this);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            lost(this);
        }
    }
}
