package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.web.socket.RawClient;
import io.millrace.web.stream.StreamGatewayConfig.Limits;
import io.millrace.web.stream.StreamGatewayConfig.Liveness;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams of server-sent events, byte by byte. */
class EventStreamTest {
    private static final String TODOS = "/stream/todo/all";

    private final OpenGateway at = new OpenGateway();

    @AfterEach
    void close() throws Exception {
        at.close();
    }

    private RawEvents get(StreamGateway gateway, String path, String... headers) throws IOException {
        RawEvents events = RawEvents.get(gateway.port(), path, headers);
        at.closeLater(events);
        return events;
    }

    private String status(StreamGateway gateway, String path, String... headers) throws IOException {
        return get(gateway, path, headers).status();
    }

    @Test
    void aGroupIsToldFromItsSnapshotOn() throws IOException {
        at.streams.set(OpenGateway.TODOS, "a", "1");
        RawEvents events = get(at.gateway(), TODOS);
        assertThat(events.status()).isEqualTo("200 OK");
        assertThat(events.header("content-type")).isEqualTo("text/event-stream");
        assertThat(events.header("cache-control")).isEqualTo("no-store");
        assertThat(events.header("access-control-allow-origin")).isEqualTo("*");
        assertThat(events.next()).isEqualTo("retry: 1000");
        assertThat(OpenGateway.said(events.nextData())).isEqualTo("sync [1]");
        at.streams.set(OpenGateway.TODOS, "b", "2");
        at.streams.send(OpenGateway.TODOS, "b", "blinked");
        at.streams.delete(OpenGateway.TODOS, "a");
        assertThat(OpenGateway.said(events.nextData())).isEqualTo("create 2");
        assertThat(OpenGateway.said(events.nextData())).isEqualTo("event blinked");
        assertThat(OpenGateway.said(events.nextData())).isEqualTo("delete 1");
        assertThat(at.events.joined).hasValue(1);
    }

    @Test
    void anItemIsToldWithoutItsNeighbours() throws IOException {
        RawEvents events = get(at.gateway(), "/stream/todo/all/a%2Fb");
        assertThat(OpenGateway.said(events.nextData())).isEqualTo("sync null");
        at.streams.set(OpenGateway.TODOS, "c", "1");
        at.streams.set(OpenGateway.TODOS, "a/b", "2");
        assertThat(OpenGateway.said(events.nextData())).isEqualTo("create 2");
    }

    @Test
    void quietStreamsBeatAndLive() throws IOException {
        Liveness quick = new Liveness(Duration.ofMillis(20), 1, Duration.ofSeconds(30), Duration.ofSeconds(1));
        StreamGateway gateway = at.gateway(Limits.defaults(), quick, List.of());
        RawEvents events = get(gateway, TODOS);
        events.nextData();
        for (int beats = 0; beats < 10; ) {
            String next = events.next();
            assertThat(next).matches(":|id: .*");
            beats += next.equals(":") ? 1 : 0;
        }
        assertThat(gateway.sockets()).isEqualTo(1);
    }

    @Test
    void whoGoesAwayIsNoticedHoweverItGoes() throws IOException {
        StreamGateway gateway = at.gateway();
        RawEvents polite = get(gateway, TODOS);
        RawEvents rude = get(gateway, TODOS);
        polite.nextData();
        rude.nextData();
        assertThat(gateway.sockets()).isEqualTo(2);
        polite.close();
        rude.reset();
        await().until(() -> gateway.sockets() == 0);
        assertThat(at.events.closed).hasValue(2);
    }

    @Test
    void whatAReaderSendsMeansNothing() throws IOException {
        StreamGateway gateway = at.gateway();
        RawEvents events = get(gateway, TODOS);
        events.nextData();
        events.send("GET / HTTP/1.1\r\n\r\n" + "x".repeat(100_000));
        at.streams.set(OpenGateway.TODOS, "a", "1");
        assertThat(OpenGateway.said(events.nextData())).isEqualTo("create 1");
        events.close();
        await().until(() -> gateway.sockets() == 0);
    }

    @Test
    void aReaderThatTakesNothingIsTakenForDead() throws IOException {
        Liveness quick = new Liveness(Duration.ofMillis(50), 100, Duration.ofMillis(100), Duration.ofSeconds(1));
        StreamGateway gateway = at.gateway(Limits.defaults(), quick, List.of());
        at.fill(200, 50_000);
        RawEvents events = RawEvents.narrow(gateway.port(), TODOS);
        at.closeLater(events);
        await().until(() -> gateway.sockets() == 0);
        assertThat(at.events.unresponsive).hasValue(1);
    }

    @Test
    void aSnapshotLargerThanTheQueueArrivesWhole() throws IOException {
        Limits tight = new Limits(1 << 10, 100, 10, 100, 64 << 10, 64 << 20);
        at.fill(100, 50_000);
        StreamGateway gateway = at.gateway(tight, Liveness.defaults(), List.of());
        RawEvents events = RawEvents.narrow(gateway.port(), TODOS);
        at.closeLater(events);
        assertThat(events.nextData()).hasSizeGreaterThan(5_000_000).endsWith("]}}");
        at.streams.set(OpenGateway.TODOS, "last", "1");
        assertThat(OpenGateway.said(events.nextData())).isEqualTo("create 1");
    }

    @Test
    void aGatewayThatClosesEndsItsStreams() throws Exception {
        StreamGateway gateway = at.gateway(Limits.defaults(), OpenGateway.BRIEF, List.of());
        RawEvents idle = get(gateway, TODOS);
        idle.nextData();
        at.fill(200, 50_000);
        RawEvents stalled = RawEvents.narrow(gateway.port(), TODOS);
        at.closeLater(stalled);
        await().until(() -> gateway.sockets() == 2);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(gateway::close);
        while (!idle.next().isEmpty()) {
            // The rest of what it has been told.
        }
        closing.join();
        assertThat(gateway.sockets()).isZero();
    }

    @Test
    void othersOriginsAreTurnedAway() throws IOException {
        StreamGateway gateway = at.gateway(Limits.defaults(), Liveness.defaults(), List.of("https://app.example"));
        assertThat(status(gateway, TODOS, "Origin: https://evil.example")).isEqualTo("403 Forbidden");
        assertThat(status(gateway, TODOS)).isEqualTo("200 OK");
        RawEvents own = get(gateway, TODOS, "Origin: https://app.example");
        assertThat(own.status()).isEqualTo("200 OK");
        assertThat(own.header("access-control-allow-origin")).isEqualTo("https://app.example");
        assertThat(own.header("access-control-allow-credentials")).isEqualTo("true");
        assertThat(own.header("vary")).isEqualTo("Origin");
    }

    @Test
    void aBrowserThatAsksFirstIsToldWhatItMaySend() throws IOException {
        RawEvents preflight = RawEvents.request(
                "OPTIONS",
                at.gateway().port(),
                TODOS,
                "Origin: https://app.example",
                "Access-Control-Request-Method: GET",
                "Access-Control-Request-Headers: authorization,last-event-id");
        at.closeLater(preflight);
        assertThat(preflight.status()).isEqualTo("204 No Content");
        assertThat(preflight.header("access-control-allow-origin")).isEqualTo("*");
        assertThat(preflight.header("access-control-allow-headers")).isEqualTo("authorization,last-event-id");
        assertThat(preflight.header("access-control-allow-methods")).contains("GET");
    }

    @Test
    void aHeadHasNoBodyAndNoSubscription() throws IOException {
        RawEvents head = RawEvents.request("HEAD", at.gateway().port(), TODOS, "Connection: close");
        at.closeLater(head);
        assertThat(head.status()).isEqualTo("200 OK");
        assertThat(head.header("content-type")).isEqualTo("text/event-stream");
        assertThat(head.next()).isEmpty();
        assertThat(at.events.opened).hasValue(0);
    }

    @Test
    void whatCannotBeServedIsSaidBeforeTheStreamBegins() throws IOException {
        Limits one = new Limits(1 << 10, 1, 10, 100, 64 << 10, 64 << 20);
        StreamGateway gateway = at.gateway(one, Liveness.defaults(), List.of());
        assertThat(status(gateway, "/")).isEqualTo("404 Not Found");
        assertThat(status(gateway, "/stream/todo")).isEqualTo("404 Not Found");
        assertThat(status(gateway, TODOS + "?mode=some")).isEqualTo("400 Bad Request");
        assertThat(status(gateway, TODOS + "?mode=latest&interval=soon")).isEqualTo("400 Bad Request");
        assertThat(status(gateway, TODOS, "Content-Length: 3")).isEqualTo("400 Bad Request");
        assertThat(RawEvents.request("PUT", gateway.port(), TODOS).status()).isEqualTo("405 Method Not Allowed");
        get(gateway, TODOS).nextData();
        assertThat(status(gateway, TODOS)).isEqualTo("503 Service Unavailable");
    }

    @Test
    void anAddressHasNoMoreStreamsThanItMayHaveSockets() throws IOException {
        StreamGateway gateway = at.gateway(new StreamGatewayConfig.Shares(2, 0));
        at.connect(gateway, "/").frame(0x89, new byte[0]);
        RawEvents events = get(gateway, TODOS);
        events.nextData();
        await().until(() -> gateway.sockets() == 2);
        RawEvents third = get(gateway, TODOS);
        assertThat(third.status()).isEqualTo("429 Too Many Requests");
        assertThat(third.header("access-control-allow-origin")).isEqualTo("*");
        events.close();
        await().until(() -> status(gateway, TODOS).equals("200 OK"));
    }

    @Test
    void aWebSocketThatAcceptsEventsTooIsAWebSocket() throws IOException {
        try (RawClient socket = RawClient.connect(at.gateway().port(), TODOS, "Accept: text/event-stream\r\n")) {
            assertThat(socket.status()).startsWith("HTTP/1.1 101");
        }
    }
}
