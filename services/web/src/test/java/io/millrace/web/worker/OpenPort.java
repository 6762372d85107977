package io.millrace.web.worker;

import io.millrace.core.value.Json;
import io.millrace.engine.channel.ChannelFinder;
import io.millrace.engine.channel.Channels;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Triggers;
import io.millrace.engine.worker.Endpoints;
import io.millrace.engine.worker.WorkerEvents;
import io.millrace.engine.worker.WorkerLimits;
import io.millrace.engine.worker.Workers;
import io.millrace.web.listen.Bind;
import io.millrace.web.socket.MessageSocketConfig;
import io.millrace.web.socket.RawClient;
import io.millrace.web.socket.SocketEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** An open worker port and what is behind it, and clients that are closed with it. */
final class OpenPort implements WorkerEvents, SocketEvents {
    static final MessageSocketConfig USUAL = MessageSocketConfig.defaults();

    final Invoker functions = new Invoker();
    final Workers workers = new Workers(new Workers.Means(
            functions,
            new Triggers(),
            (workerId, invocation) -> {
                throw new Endpoints.RefusedException("refused", "none here");
            },
            UUID::randomUUID,
            (delay, task) -> () -> {},
            InstantSource.system(),
            WorkerLimits.defaults()));
    final Channels channels;
    final Queue<String> telemetry = new ConcurrentLinkedQueue<>();
    final Queue<String> ignored = new ConcurrentLinkedQueue<>();
    final AtomicInteger slowReaders = new AtomicInteger();
    final AtomicInteger unresponsive = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    private final List<AutoCloseable> closeables = new ArrayList<>();
    private final WorkerServer server;

    OpenPort(MessageSocketConfig sockets) {
        this(sockets, new Channels(UUID::randomUUID, InstantSource.system()), channels -> channels);
    }

    /** One whose sockets look for channels elsewhere, too. */
    OpenPort(MessageSocketConfig sockets, Channels channels, Function<Channels, ChannelFinder> finder) {
        this.channels = channels;
        workers.listen(this);
        functions.add(List.of(new LocalFunction(
                FunctionDescription.of("local::echo", "Says what it hears."),
                invocation -> CompletableFuture.completedStage(new Outcome.Result(invocation.payload())))));
        server = WorkerServer.open(
                new WorkerServerConfig(new Bind("127.0.0.1", 0, "workers.port"), 2, 132, sockets),
                workers,
                finder.apply(channels),
                frame -> telemetry.add(new String(frame, StandardCharsets.UTF_8)),
                this);
        closeables.add(server);
    }

    /** Usual, but so many bytes per message and queue. */
    static MessageSocketConfig sizes(int messageBytes, long queueBytes) {
        return new MessageSocketConfig(
                messageBytes,
                queueBytes,
                USUAL.sockets(),
                USUAL.pingInterval(),
                USUAL.missedPings(),
                USUAL.stallTimeout(),
                USUAL.closeTimeout());
    }

    /** Usual, but impatient. */
    static MessageSocketConfig impatient() {
        return new MessageSocketConfig(
                USUAL.messageBytes(),
                USUAL.queueBytes(),
                USUAL.sockets(),
                Duration.ofMillis(50),
                10,
                Duration.ofMillis(200),
                Duration.ofMillis(200));
    }

    int port() {
        return server.port();
    }

    RawClient connect(String path) throws IOException {
        return opened(RawClient.connect(port(), path));
    }

    RawClient opened(RawClient client) {
        closeables.add(client);
        return client;
    }

    /** A worker that has been greeted. */
    RawClient worker() throws IOException {
        RawClient client = connect("/");
        client.nextText();
        return client;
    }

    /** A worker that serves a function. */
    RawClient serving(String functionId) throws IOException {
        RawClient client = worker();
        client.text("{\"type\":\"registerfunction\",\"id\":\"" + functionId + "\"}");
        sync(client);
        return client;
    }

    /** Waits until everything the worker has said has been taken in. */
    static void sync(RawClient client) throws IOException {
        client.text("{\"type\":\"ping\"}");
        String next = client.nextText();
        if (!next.equals("{\"type\":\"pong\"}")) {
            throw new IOException(next + " (expected: a pong)");
        }
    }

    static String call(int number, String functionId, String data) {
        return "{\"type\":\"invokefunction\",\"invocation_id\":\"" + id(number) + "\",\"function_id\":\"" + functionId
                + "\",\"data\":" + data + "}";
    }

    static String id(int number) {
        return new UUID(0, number).toString();
    }

    static JsonNode tree(String text) {
        return Json.ofText(text).tree();
    }

    CompletableFuture<Outcome> invoke(String functionId, String payload) {
        return functions
                .invoke(new Invocation(functionId, Json.ofText(payload), Instant.MAX))
                .toCompletableFuture();
    }

    @Override
    public void ignored(String why) {
        ignored.add(why);
    }

    @Override
    public void opened() {
        open.incrementAndGet();
    }

    @Override
    public void closed() {
        open.decrementAndGet();
    }

    @Override
    public void slowReader() {
        slowReaders.incrementAndGet();
    }

    @Override
    public void unresponsive() {
        unresponsive.incrementAndGet();
    }

    void closeServer() {
        server.close();
    }

    void close() throws Exception {
        for (AutoCloseable each : closeables.reversed()) {
            each.close();
        }
    }
}
