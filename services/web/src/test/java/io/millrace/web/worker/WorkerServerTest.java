package io.millrace.web.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Outcome;
import io.millrace.web.socket.MessageSocketConfig;
import io.millrace.web.socket.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The worker port, as a client sees it that knows nothing but WebSockets. */
class WorkerServerTest {
    private @Nullable OpenPort at;

    @AfterEach
    void close() throws Exception {
        if (at != null) {
            at.close();
        }
    }

    private OpenPort open(MessageSocketConfig sockets) {
        OpenPort opened = new OpenPort(sockets);
        at = opened;
        return opened;
    }

    private OpenPort open() {
        return open(OpenPort.USUAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/?token=a&b", "//"})
    void aWorkerIsGreetedFirst(String path) throws IOException {
        JsonNode greeting = OpenPort.tree(open().connect(path).nextText());
        assertThat(greeting.path("type").asString()).isEqualTo("workerregistered");
        assertThat(greeting.path("worker_id").asString()).hasSize(36);
        assertThat(greeting.path("reattach_token").asString()).hasSize(36);
    }

    @ParameterizedTest
    @CsvSource({
        "/nowhere, 404",
        "/ws/channels/, 400",
        "/ws/channels/x, 400",
        "/ws/channels/x?key=k, 400",
        "/ws/channels/x?key=k&dir=up, 400",
        "/ws/channels/x?key=k&dir=read, 404",
        "/otel, 101",
        "/otel?a=b, 101"
    })
    void otherPathsAreOtherThings(String path, int status) throws IOException {
        assertThat(open().connect(path).status()).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void workersCallOneAnother() throws IOException {
        OpenPort port = open();
        RawClient callee = port.serving("h::f");
        RawClient caller = port.worker();
        caller.text(OpenPort.call(1, "h::f", "{\"a\":1}"));
        JsonNode called = OpenPort.tree(callee.nextText());
        assertThat(called.path("data").path("a").asInt()).isEqualTo(1);
        assertThat(called.path("data").path("_caller_worker_id").asString()).hasSize(36);
        callee.text("{\"type\":\"invocationresult\",\"invocation_id\":" + called.path("invocation_id")
                + ",\"function_id\":\"h::f\",\"result\":[1.50,\"\u00fc\"]}");
        assertThat(caller.nextText())
                .isEqualTo("{\"type\":\"invocationresult\",\"invocation_id\":\"" + OpenPort.id(1)
                        + "\",\"function_id\":\"h::f\",\"result\":[1.5,\"\u00fc\"]}");
    }

    @Test
    void oursAnswerInTheOrderTheyAreDone() throws IOException {
        RawClient caller = open().worker();
        for (int i = 0; i < 100; i++) {
            caller.text(OpenPort.call(i, "local::echo", String.valueOf(i)));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(OpenPort.tree(caller.nextText()).path("result").asInt()).isEqualTo(i);
        }
    }

    @Test
    void nonsenseIsIgnoredAndCounted() throws IOException {
        OpenPort port = open();
        RawClient worker = port.worker();
        worker.text("garbage");
        worker.text("[1]");
        worker.text("{\"type\":\"fly\"}");
        worker.text("{\"type\":\"invokefunction\",\"invocation_id\":\"nope\",\"function_id\":\"f\"}");
        worker.text("{\"type\":\"registerfunction\"}");
        worker.text("");
        worker.text(" \n ");
        worker.text("{\"type\":\"registerservice\",\"id\":\"s\"}");
        worker.frame(0x82, new byte[] {1, 2, 3});
        OpenPort.sync(worker);
        assertThat(port.ignored).hasSize(6);
    }

    @Test
    void binaryFramesAreMessagesOrTelemetry() throws IOException {
        OpenPort port = open();
        RawClient worker = port.worker();
        worker.frame(0x82, "LOGS{\"a\":1}".getBytes(StandardCharsets.US_ASCII));
        worker.frame(0x82, OpenPort.call(1, "local::echo", "1").getBytes(StandardCharsets.US_ASCII));
        assertThat(OpenPort.tree(worker.nextText()).path("result").asInt()).isEqualTo(1);
        RawClient otel = port.connect("/otel");
        otel.text("OTLP{}");
        otel.frame(0x82, "what".getBytes(StandardCharsets.US_ASCII));
        otel.frame(0x82, "MTRC{}".getBytes(StandardCharsets.US_ASCII));
        await().untilAsserted(() -> assertThat(port.telemetry).containsExactly("LOGS{\"a\":1}", "MTRC{}"));
        assertThat(port.workers.all()).hasSize(1);
    }

    @Test
    void aClosedConnectionStopsItsCalls() throws IOException {
        OpenPort port = open();
        RawClient callee = port.serving("f");
        CompletableFuture<Outcome> call = port.invoke("f", "{}");
        callee.nextText();
        callee.frame(0x88, new byte[] {0x03, (byte) 0xe8});
        assertThat(callee.next()).isEqualTo("close 1000 ");
        await().untilAsserted(() ->
                assertThat(call).isCompletedWithValue(new Outcome.Failure("invocation_stopped", "Invocation stopped")));
        assertThat(port.functions.isAvailable("f")).isFalse();
        await().until(() -> port.open.get() == 0);
    }

    @Test
    void aBrokenConnectionStopsItsCallsToo() throws IOException {
        OpenPort port = open();
        RawClient callee = port.serving("f");
        CompletableFuture<Outcome> call = port.invoke("f", "{}");
        callee.nextText();
        callee.reset();
        await().until(call::isDone);
        assertThat(port.workers.all()).isEmpty();
    }

    @Test
    void aGiantMessageEndsItsConnectionAndNoOther() throws IOException {
        OpenPort port = open(OpenPort.sizes(1_000, 1 << 20));
        RawClient other = port.worker();
        RawClient giant = port.worker();
        giant.text(OpenPort.call(1, "local::echo", "\"" + "x".repeat(1_000) + "\""));
        assertThat(giant.next()).startsWith("close 1009");
        OpenPort.sync(other);
    }

    @Test
    void aHalfOpenConnectionIsNoticed() throws IOException {
        OpenPort port = open(OpenPort.impatient());
        RawClient callee = port.serving("f");
        CompletableFuture<Outcome> call = port.invoke("f", "{}");
        callee.last(); // it is pinged, and never answers
        await().until(call::isDone);
        assertThat(port.unresponsive).hasValue(1);
    }

    @Test
    void anAnsweringConnectionLives() throws IOException {
        OpenPort port = open(OpenPort.impatient());
        RawClient worker = port.worker();
        for (int i = 0; i < 15; i++) {
            assertThat(worker.next()).isEqualTo("ping ");
            worker.frame(0x8a, new byte[0]);
        }
        OpenPort.sync(worker);
        worker.frame(0x89, new byte[] {'h', 'i'});
        assertThat(worker.next()).isIn("pong hi", "ping ");
    }

    @Test
    void aWorkerThatReadsNothingHarmsNobodyElse() throws IOException {
        OpenPort port = open(OpenPort.sizes(1 << 20, 1 << 20));
        RawClient deaf = port.opened(RawClient.narrow(port.port(), "/"));
        deaf.nextText();
        deaf.text("{\"type\":\"registerfunction\",\"id\":\"f\"}");
        OpenPort.sync(deaf);
        String large = "\"" + "x".repeat(100_000) + "\"";
        await().until(() -> {
            port.invoke("f", large);
            return port.slowReaders.get() == 1;
        });
        await().until(() -> !port.functions.isAvailable("f"));
        OpenPort.sync(port.worker());
    }

    @Test
    void aWorkerThatDoesNotTakeItsAnswersIsNotReadMeanwhile() throws Exception {
        OpenPort port = open(OpenPort.sizes(1 << 20, 64L << 20));
        RawClient caller = port.opened(RawClient.narrow(port.port(), "/"));
        caller.nextText();
        int calls = 2_000;
        String data = "\"" + "x".repeat(20_000) + "\"";
        // It writes without reading, so it gets stuck sooner or later; but nothing is lost.
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < calls; i++) {
                    caller.text(OpenPort.call(i, "local::echo", data));
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int i = 0; i < calls; i++) {
            assertThat(OpenPort.tree(caller.nextText()).path("invocation_id").asString())
                    .isEqualTo(OpenPort.id(i));
        }
        writer.join();
        assertThat(port.slowReaders).hasValue(0);
    }

    @Test
    void largeMessagesKeepTheirPlace() throws IOException {
        OpenPort port = open();
        RawClient caller = port.worker();
        String large = "\"" + "x".repeat(300_000) + "\"";
        for (int i = 0; i < 20; i++) {
            caller.text(OpenPort.call(i, "local::echo", i % 3 == 1 ? large : "1"));
        }
        for (int i = 0; i < 20; i++) {
            JsonNode answer = OpenPort.tree(caller.nextText());
            assertThat(answer.path("invocation_id").asString()).isEqualTo(OpenPort.id(i));
        }
    }

    @Test
    void manyCallsToOneWorkerAreAllDelivered() throws IOException {
        OpenPort port = open();
        RawClient callee = port.serving("f");
        for (int i = 0; i < 5_000; i++) {
            port.invoke("f", String.valueOf(i));
        }
        for (int i = 0; i < 5_000; i++) {
            assertThat(OpenPort.tree(callee.nextText()).path("data").asInt()).isEqualTo(i);
        }
    }

    @Test
    void aReplacedConnectionIsFoundOut() throws IOException {
        OpenPort port = open();
        RawClient before = port.serving("f");
        RawClient after = port.serving("f");
        assertThat(before.next()).isEqualTo("ping ");
        CompletableFuture<Outcome> call = port.invoke("f", "{}");
        JsonNode called = OpenPort.tree(after.nextText());
        after.text("{\"type\":\"invocationresult\",\"invocation_id\":" + called.path("invocation_id")
                + ",\"function_id\":\"f\",\"result\":1}");
        await().untilAsserted(() -> assertThat(call).isCompletedWithValue(new Outcome.Result(Json.ofText("1"))));
        await().until(() -> port.workers.all().size() == 1);
    }

    @Test
    void aPortThatClosesSaysSo() throws Exception {
        OpenPort port = open(OpenPort.impatient());
        RawClient worker = port.worker();
        Thread closing = Thread.ofVirtual().start(port::closeServer);
        String next = worker.next();
        while (next.equals("ping ")) {
            next = worker.next();
        }
        assertThat(next).startsWith("close 1001");
        closing.join();
    }

    @Test
    void aFullPortSaysSo() throws IOException {
        MessageSocketConfig one = new MessageSocketConfig(
                1_000,
                1 << 20,
                1,
                OpenPort.USUAL.pingInterval(),
                2,
                OpenPort.USUAL.stallTimeout(),
                OpenPort.USUAL.closeTimeout());
        OpenPort port = open(one);
        port.worker();
        assertThat(port.connect("/").status()).startsWith("HTTP/1.1 503");
    }
}
