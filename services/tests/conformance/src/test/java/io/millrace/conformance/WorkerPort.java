package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.channel.Channels;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Triggers;
import io.millrace.engine.worker.WorkerEvents;
import io.millrace.engine.worker.WorkerLimits;
import io.millrace.engine.worker.Workers;
import io.millrace.web.endpoint.EndpointsConfig;
import io.millrace.web.endpoint.HttpEndpoints;
import io.millrace.web.listen.Bind;
import io.millrace.web.socket.MessageSocketConfig;
import io.millrace.web.socket.SocketEvents;
import io.millrace.web.worker.WorkerServer;
import io.millrace.web.worker.WorkerServerConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An open worker port and what is behind it, and its clients. Whatever these get has to fit its schema. */
final class WorkerPort implements WorkerEvents, AutoCloseable {
    static final Scheduler NEVER = (delay, task) -> () -> {};

    private static final String PING = "{\"type\":\"ping\"}";
    private static final String PONG = "{\"type\":\"pong\"}";
    private static final long PATIENCE_S = 20;

    final Invoker functions = new Invoker();
    final Triggers triggers = new Triggers();
    final Channels channels = new Channels(UUID::randomUUID, InstantSource.system());
    /** Why messages were ignored. */
    final Queue<String> ignored = new ConcurrentLinkedQueue<>();

    private final Queue<UUID> ids = new ConcurrentLinkedQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpEndpoints endpoints = HttpEndpoints.open(
            new EndpointsConfig(true, List.of(), 1_000, 100, 1),
            name -> "secret",
            UUID::randomUUID,
            InstantSource.system(),
            NEVER,
            failed -> {});
    final Workers workers = new Workers(new Workers.Means(
            functions, triggers, endpoints, this::id, NEVER, InstantSource.system(), WorkerLimits.defaults()));
    private final WorkerServer server;

    WorkerPort() {
        workers.listen(this);
        server = WorkerServer.open(
                new WorkerServerConfig(
                        new Bind("127.0.0.1", 0, "workers.port"), 1, 132, MessageSocketConfig.defaults()),
                workers,
                channels,
                frame -> {},
                new SocketEvents() {});
    }

    private UUID id() {
        UUID next = ids.poll();
        return next == null ? UUID.randomUUID() : next;
    }

    /** The next id that is drawn, after those that are to be drawn already, is this one. */
    void draw(String id) {
        ids.add(UUID.fromString(id));
    }

    /** A function of this process that always comes to the same; returns what it is called with. */
    BlockingQueue<Invocation> local(String functionId, Outcome outcome) {
        BlockingQueue<Invocation> calls = new LinkedBlockingQueue<>();
        functions.add(List.of(new LocalFunction(FunctionDescription.of(functionId, functionId), invocation -> {
            calls.add(invocation);
            return CompletableFuture.completedStage(outcome);
        })));
        return calls;
    }

    /** A connection that has not read its first message. */
    Client connect() {
        Client listener = new Client();
        listener.socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/"), listener)
                .join();
        return listener;
    }

    /** A worker that has been greeted. */
    Client worker() throws InterruptedException {
        Client worker = connect();
        worker.next();
        return worker;
    }

    @Override
    public void ignored(String why) {
        ignored.add(why);
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.close();
        endpoints.close();
    }

    /** One connection. */
    static final class Client implements WebSocket.Listener {
        private final StringBuilder begun = new StringBuilder();
        private final BlockingQueue<String> got = new LinkedBlockingQueue<>();
        private @Nullable WebSocket socket;

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            begun.append(data);
            if (last) {
                got.add(begun.toString());
                begun.setLength(0);
            }
            from.request(1);
            return null;
        }

        Client send(String text) {
            if (socket != null) {
                socket.sendText(text, true).join();
            }
            return this;
        }

        /** Waits until everything that was sent has been taken in; what else comes meanwhile is dropped. */
        Client settle() throws InterruptedException {
            send(PING);
            while (!next().equals(PONG)) {
                // An answer.
            }
            return this;
        }

        /** The next message. */
        String next() throws InterruptedException {
            String text = got.poll(PATIENCE_S, TimeUnit.SECONDS);
            if (text == null) {
                throw new AssertionError("message: none (expected: one)");
            }
            Json message = Json.ofText(text);
            String type = message.tree().path("type").asString();
            assertThat(Schemas.problems("worker/to." + type, message)).as(text).isEmpty();
            return text;
        }

        void leave() {
            if (socket != null) {
                socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            }
        }
    }
}
