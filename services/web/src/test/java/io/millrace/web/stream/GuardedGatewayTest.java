package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.gate.GateConfig;
import io.millrace.engine.gate.GateEvents;
import io.millrace.engine.gate.Gatekeeper;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Triggers;
import io.millrace.web.socket.RawClient;
import io.millrace.web.stream.StreamGatewayConfig.Limits;
import io.millrace.web.stream.StreamGatewayConfig.Liveness;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the gate's functions see and do, over real sockets. */
class GuardedGatewayTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final OpenGateway at = new OpenGateway();
    private final Invoker functions = new Invoker();
    private final Triggers triggers = new Triggers();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Queue<String> left = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() throws Exception {
        at.close();
        timer.shutdownNow();
    }

    private StreamGateway gateway(String authFunction, Duration timeout) {
        GateConfig config = new GateConfig(
                authFunction.isEmpty() ? null : authFunction, !authFunction.isEmpty(), false, timeout, Duration.ZERO);
        Gatekeeper gate = new Gatekeeper(
                config,
                functions,
                InstantSource.system(),
                (delay, task) -> {
                    var scheduled = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
                    return () -> scheduled.cancel(false);
                },
                GateEvents.NONE);
        gate.types().forEach(triggers::provide);
        add("tell-leave", invocation -> {
            left.add(invocation.payload().tree().path("subscription_id").asString());
            return CompletableFuture.completedStage(new Outcome.NoResult());
        });
        bind("stream:leave", "tell-leave");
        return at.gateway(Limits.defaults(), Liveness.defaults(), List.of(), gate);
    }

    private void add(String id, Function<Invocation, CompletionStage<Outcome>> answer) {
        functions.add(List.of(new LocalFunction(FunctionDescription.of(id, "asked"), answer)));
    }

    private void bind(String type, String functionId) {
        triggers.register(new Binding(type + functionId, type, functionId, Json.ofText("{}"), null, null));
    }

    private static CompletionStage<Outcome> result(String json) {
        return CompletableFuture.completedStage(new Outcome.Result(Json.ofText(json)));
    }

    /** Refuses group {@code private}, and thinks about {@code slow} until it is told. */
    private List<CompletableFuture<Outcome>> guard() {
        List<CompletableFuture<Outcome>> thinking = new java.util.concurrent.CopyOnWriteArrayList<>();
        add("guard", invocation -> {
            String group = invocation.payload().tree().path("group_id").asString();
            if (group.equals("slow")) {
                CompletableFuture<Outcome> answer = new CompletableFuture<>();
                thinking.add(answer);
                return answer;
            }
            return result("{\"unauthorized\":" + group.equals("private") + "}");
        });
        bind("stream:join", "guard");
        return thinking;
    }

    private static Group group(String id) {
        return new Group("todo", id);
    }

    @Test
    void aRefusedJoinIsToldSoAndTheSocketStaysOpen() throws IOException {
        guard();
        RawClient client = at.connect(gateway("", LONG), "/");
        client.text(OpenGateway.join("1", group("private"), ",\"id\":\"a\""));
        String refused = client.nextText();
        assertThat(refused).contains("\"groupId\":\"private\",\"id\":\"a\",\"event\":{\"type\":\"unauthorized\"}");
        client.text(OpenGateway.join("2", OpenGateway.TODOS, ""));
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("sync []");
        at.streams.set(group("private"), "a", "1");
        at.streams.set(OpenGateway.TODOS, "a", "2");
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("create 2");
        client.close();
        await().untilAsserted(() -> assertThat(left).containsExactly("2"));
    }

    @Test
    void aPathIsGuardedToo() throws IOException {
        guard();
        RawClient client = at.connect(gateway("", LONG), "/stream/todo/private");
        assertThat(client.nextText()).contains("unauthorized");
    }

    @Test
    void whatComesAfterAJoinThatIsThoughtAboutWaitsAndOtherSocketsDoNot() throws IOException {
        List<CompletableFuture<Outcome>> thinking = guard();
        StreamGateway gateway = gateway("", LONG);
        RawClient patient = at.connect(gateway, "/");
        patient.text(OpenGateway.join("1", group("slow"), ""));
        patient.text(OpenGateway.join("2", OpenGateway.TODOS, ""));
        patient.text(OpenGateway.leave("1", group("slow")));
        await().until(() -> !thinking.isEmpty());
        for (int i = 0; i < 4; i++) {
            RawClient other = at.connect(gateway, "/stream/todo/all");
            assertThat(OpenGateway.said(other.nextText())).isEqualTo("sync []");
        }
        patient.frame(0x89, new byte[0]);
        assertThat(patient.next()).isEqualTo("pong ");
        assertThat(left).isEmpty();
        thinking.getFirst().complete(new Outcome.NoResult());
        List<String> groups = new ArrayList<>();
        while (!groups.contains("all")) {
            groups.add(Json.ofText(patient.nextText()).tree().path("groupId").asString());
        }
        await().untilAsserted(() -> assertThat(left).containsExactly("1"));
    }

    @Test
    void aJoinThatIsThoughtAboutTooLongIsRefused() throws IOException {
        guard();
        RawClient client = at.connect(gateway("", SHORT), "/stream/todo/slow");
        assertThat(client.nextText()).contains("unauthorized");
    }

    @Test
    void aSocketThatGoesWhileItsJoinIsThoughtAboutLeavesOnceIfItIsLetIn() throws IOException {
        List<CompletableFuture<Outcome>> thinking = guard();
        StreamGateway gateway = gateway("", LONG);
        for (int i = 0; i < 2; i++) {
            RawClient client = at.connect(gateway, "/");
            client.text(OpenGateway.join("s" + i, group("slow"), ""));
            int asked = i + 1;
            await().until(() -> thinking.size() == asked);
            client.close();
        }
        await().until(() -> gateway.sockets() == 0);
        thinking.get(0).complete(new Outcome.Result(Json.ofText("{\"unauthorized\":true}")));
        thinking.get(1).complete(new Outcome.NoResult());
        await().untilAsserted(() -> assertThat(left).containsExactly("s1"));
        RawClient last = at.connect(gateway, "/stream/todo/all");
        last.nextText();
        assertThat(left).containsExactly("s1");
        assertThat(at.events.joined).hasValue(1);
    }

    @Test
    void aLeaveOfASubscriptionThatIsNotThereIsToldToo() throws IOException {
        RawClient client = at.connect(gateway("", LONG), "/");
        client.text(OpenGateway.leave("unknown", OpenGateway.TODOS));
        await().untilAsserted(() -> assertThat(left).containsExactly("unknown"));
    }

    @Test
    void aSubscriptionThatIsReplacedLeavesOnceAndStaysWhenTheOtherIsRefused() throws IOException {
        guard();
        RawClient client = at.connect(gateway("", LONG), "/");
        client.text(OpenGateway.join("1", group("old"), ""));
        client.nextText();
        client.text(OpenGateway.join("1", OpenGateway.TODOS, ""));
        client.nextText();
        client.text(OpenGateway.join("1", group("private"), ""));
        assertThat(client.nextText()).contains("unauthorized");
        at.streams.set(group("old"), "a", "1");
        at.streams.set(OpenGateway.TODOS, "a", "2");
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("create 2");
        assertThat(left).isEmpty();
        client.close();
        await().untilAsserted(() -> assertThat(left).containsExactly("1"));
    }

    @Test
    void aThousandJoinsAtOnceAllGetTheirAnswerInOrderAndLeaveOnce() throws IOException {
        guard();
        StreamGateway gateway = gateway("", LONG);
        List<RawClient> clients = new ArrayList<>();
        for (int socket = 0; socket < 10; socket++) {
            RawClient client = at.connect(gateway, "/");
            clients.add(client);
            for (int i = 0; i < 100; i++) {
                client.text(OpenGateway.join(socket + "/" + i, group(i % 10 == 0 ? "private" : "g" + i), ""));
            }
        }
        for (RawClient client : clients) {
            int refused = 0;
            int synced = 0;
            while (refused + synced < 100) {
                if (client.nextText().contains("unauthorized")) {
                    refused++;
                } else {
                    synced++;
                }
            }
            assertThat(refused).isEqualTo(10);
        }
        clients.forEach(client -> {
            try {
                client.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        await().until(() -> left.size() == 900);
        assertThat(left).doesNotHaveDuplicates();
    }

    @Test
    void theAuthFunctionSeesTheHandshakeAndItsContextGoesWithEveryJoin() throws IOException {
        Queue<JsonNode> seen = new ConcurrentLinkedQueue<>();
        add("auth", invocation -> {
            seen.add(invocation.payload().tree());
            return result("{\"context\":{\"user\":\"ann\"}}");
        });
        add("guard", invocation -> {
            seen.add(invocation.payload().tree().path("context"));
            return result("{}");
        });
        bind("stream:join", "guard");
        StreamGateway gateway = gateway("auth", LONG);
        RawClient client = RawClient.connect(
                gateway.port(), "/stream/todo/all?token=a%20b&x", "X-Twice: 1\r\nX-Twice: 2\r\nX-Bytes: \u00e4\r\n");
        at.closeLater(client);
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("sync []");
        JsonNode handshake = seen.remove();
        assertThat(handshake.path("path").asString()).isEqualTo("/stream/todo/all");
        assertThat(handshake.path("query_params")).hasToString("{\"token\":[\"a%20b\"],\"x\":[\"\"]}");
        assertThat(handshake.path("addr").asString()).startsWith("127.0.0.1:");
        assertThat(handshake.path("headers").path("x-twice").asString()).isEqualTo("2");
        assertThat(handshake.path("headers").path("sec-websocket-version").asString())
                .isEqualTo("13");
        assertThat(handshake.path("headers").has("x-bytes")).isFalse();
        assertThat(seen.remove()).hasToString("{\"user\":\"ann\"}");
    }

    @Test
    void whoIsNotKnownGetsA401WhenThatIsStrict() throws IOException {
        add("auth", invocation -> result("{}"));
        StreamGateway gateway = gateway("auth", LONG);
        RawClient client = at.connect(gateway, "/");
        assertThat(client.status()).isEqualTo("HTTP/1.1 401 Unauthorized");
        assertThat(gateway.sockets()).isZero();
    }

    @Test
    void aSlowAuthFunctionHoldsUpItsOwnSocketOnly() throws Exception {
        CompletableFuture<Outcome> slow = new CompletableFuture<>();
        add(
                "auth",
                invocation ->
                        invocation.payload().tree().path("path").asString().equals("/stream")
                                ? slow
                                : result("{\"context\":1}"));
        StreamGateway gateway = gateway("auth", LONG);
        CompletableFuture<RawClient> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                // Not waiting for the handshake's answer, either.
                return RawClient.hasty(
                        gateway.port(),
                        "/stream",
                        RawClient.masked(
                                0x81,
                                OpenGateway.join("1", OpenGateway.TODOS, "")
                                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        for (int i = 0; i < 4; i++) {
            assertThat(OpenGateway.said(at.connect(gateway, "/stream/todo/all").nextText()))
                    .isEqualTo("sync []");
        }
        assertThat(waiting).isNotDone();
        slow.complete(new Outcome.Result(Json.ofText("{\"context\":2}")));
        RawClient client = waiting.get(20, TimeUnit.SECONDS);
        at.closeLater(client);
        assertThat(client.status()).startsWith("HTTP/1.1 101");
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("sync []");
    }

    @Test
    void anAuthFunctionThatHangsIsA401() throws IOException {
        add("auth", invocation -> new CompletableFuture<>());
        assertThat(at.connect(gateway("auth", SHORT), "/").status()).isEqualTo("HTTP/1.1 401 Unauthorized");
    }

    @Test
    void whereTheAuthFunctionIsNotThereYetOneIsToComeAgain() throws IOException {
        StreamGateway gateway = gateway("auth", LONG);
        assertThat(at.connect(gateway, "/").status()).isEqualTo("HTTP/1.1 503 Service Unavailable");
        // A browser would take any answer for the last one.
        try (RawEvents cut = RawEvents.get(gateway.port(), "/stream/todo/all")) {
            assertThat(cut.head).isEmpty();
        }
    }

    @Test
    void aStreamOfEventsIsRefusedBeforeItBegins() throws IOException {
        guard();
        add("auth", invocation -> result("{}"));
        StreamGateway gateway = gateway("", LONG);
        try (RawEvents refused = RawEvents.get(gateway.port(), "/stream/todo/private")) {
            assertThat(refused.status()).isEqualTo("403 Forbidden");
        }
        try (RawEvents unknown = RawEvents.get(gateway("auth", LONG).port(), "/stream/todo/all")) {
            assertThat(unknown.status()).isEqualTo("401 Unauthorized");
        }
        assertThat(at.events.joined).hasValue(0);
        assertThat(left).isEmpty();
    }

    @Test
    void aStreamOfEventsThatEndsHasLeftOnce() throws IOException {
        List<CompletableFuture<Outcome>> thinking = guard();
        StreamGateway gateway = gateway("", LONG);
        try (RawEvents events = RawEvents.get(gateway.port(), "/stream/todo/all")) {
            assertThat(OpenGateway.said(events.nextData())).isEqualTo("sync []");
        }
        await().until(() -> left.size() == 1);
        CompletableFuture<RawEvents> slow = CompletableFuture.supplyAsync(() -> {
            try {
                return RawEvents.get(gateway.port(), "/stream/todo/slow");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        await().until(() -> thinking.size() == 1);
        thinking.getFirst().complete(new Outcome.NoResult());
        try (RawEvents events = slow.join()) {
            assertThat(OpenGateway.said(events.nextData())).isEqualTo("sync []");
        }
        await().until(() -> gateway.sockets() == 0);
        await().untilAsserted(() -> assertThat(left).hasSize(2));
    }
}
