package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.web.stream.StreamGatewayConfig.Limits;
import io.millrace.web.stream.StreamGatewayConfig.Liveness;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What readers of server-sent events get who come back, or do not keep up. */
class EventStreamResumeTest {
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

    /** The cursor of the next event that has data. */
    private static String nextId(RawEvents events) throws IOException {
        String event = events.next();
        while (!event.contains("\ndata: ")) {
            event = events.next();
        }
        assertThat(event).startsWith("id: ");
        return event.substring("id: ".length(), event.indexOf('\n'));
    }

    private static String said(RawEvents events) throws IOException {
        return OpenGateway.said(events.nextData());
    }

    /** Leaves after one change of two, and gives the cursor of the first. */
    private String missTheSecondOfTwo(StreamGateway gateway) throws IOException {
        String cursor;
        try (RawEvents first = get(gateway, TODOS)) {
            nextId(first);
            at.streams.set(OpenGateway.TODOS, "a", "1");
            cursor = nextId(first);
        }
        at.streams.set(OpenGateway.TODOS, "a", "2");
        at.streams.send(OpenGateway.TODOS, "a", "blinked");
        return cursor;
    }

    @Test
    void whoComesBackGetsExactlyWhatIsMissing() throws IOException {
        StreamGateway gateway = at.gateway();
        String cursor = missTheSecondOfTwo(gateway);
        RawEvents again = get(gateway, TODOS, "Last-Event-ID: " + cursor);
        assertThat(said(again)).isEqualTo("update 2");
        assertThat(said(again)).isEqualTo("event blinked");
        at.streams.set(OpenGateway.TODOS, "a", "3");
        assertThat(said(again)).isEqualTo("update 3");
        assertThat(at.events.synced).hasValue(1);
    }

    @Test
    void aUrlMayHaveTheCursorUntilTheBrowserKnowsBetter() throws IOException {
        StreamGateway gateway = at.gateway();
        String cursor = missTheSecondOfTwo(gateway);
        RawEvents again = get(gateway, TODOS + "?cursor=" + cursor);
        String later = nextId(again);
        nextId(again);
        RawEvents third = get(gateway, TODOS + "?cursor=" + cursor, "Last-Event-ID: " + later);
        assertThat(said(third)).isEqualTo("event blinked");
    }

    @Test
    void aCursorThatSaysNothingIsAnsweredWithAResetAndASnapshot() throws IOException {
        at.streams.set(OpenGateway.TODOS, "a", "1");
        RawEvents events = get(at.gateway(), TODOS, "Last-Event-ID: 42");
        assertThat(events.nextData()).contains("{\"type\":\"reset\",\"reason\":\"unknown\"}");
        assertThat(said(events)).isEqualTo("sync [1]");
    }

    @Test
    void aQuietStreamHearsHowFarItHasGot() throws IOException {
        Liveness quick = new Liveness(Duration.ofMillis(20), 1, Duration.ofSeconds(30), Duration.ofSeconds(1));
        StreamGateway gateway = at.gateway(Limits.defaults(), quick, List.of());
        RawEvents quiet = get(gateway, TODOS);
        String first = nextId(quiet);
        at.streams.set(new Group("todo", "others"), "a", "1");
        String next = quiet.next();
        while (!next.startsWith("id: ") || next.equals("id: " + first)) {
            next = quiet.next(); // one that was said before the change has come
        }
        assertThat(next).doesNotContain("data: ");
        RawEvents again = get(gateway, TODOS, "Last-Event-ID: " + next.substring("id: ".length()));
        at.streams.set(OpenGateway.TODOS, "a", "2");
        assertThat(said(again)).isEqualTo("create 2");
    }

    @Test
    void aSlowReaderGetsEverythingInTheEndAndDelaysNobody() throws IOException {
        Limits tight = new Limits(1 << 10, 100, 10, 100, 64 << 10, 64 << 20);
        StreamGateway gateway = at.gateway(tight, Liveness.defaults(), List.of());
        RawEvents slow = RawEvents.narrow(gateway.port(), TODOS);
        at.closeLater(slow);
        slow.nextData();
        RawEvents quick = get(gateway, TODOS);
        quick.nextData();
        String padding = "x".repeat(8 << 10);
        for (int i = 0; i < 400; i++) {
            at.streams.set(OpenGateway.TODOS, "a", "[" + i + ",\"" + padding + "\"]");
            assertThat(number(quick.nextData())).isEqualTo(i);
        }
        for (int i = 0; i < 400; i++) {
            assertThat(number(slow.nextData())).isEqualTo(i);
        }
        assertThat(gateway.sockets()).isEqualTo(2);
    }

    @Test
    void whoWantsTheLatestMayMissWhatIsNot() throws IOException {
        Limits tight = new Limits(1 << 10, 100, 10, 100, 64 << 10, 64 << 20);
        StreamGateway gateway = at.gateway(tight, Liveness.defaults(), List.of());
        RawEvents slow = RawEvents.narrow(gateway.port(), TODOS + "?mode=latest");
        at.closeLater(slow);
        slow.nextData();
        String padding = "x".repeat(8 << 10);
        for (int i = 0; i < 400; i++) {
            at.streams.set(OpenGateway.TODOS, "a", "[" + i + ",\"" + padding + "\"]");
        }
        await().until(() -> at.events.synced.get() == 1);
        List<Integer> seen = new ArrayList<>();
        while (seen.isEmpty() || seen.getLast() < 399) {
            seen.add(number(slow.nextData()));
        }
        assertThat(seen).isSorted().doesNotHaveDuplicates().hasSizeLessThan(400);
    }

    private static int number(String frame) {
        return Json.ofText(frame).tree().path("event").path("data").path(0).asInt();
    }
}
