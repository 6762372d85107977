package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.value.Json;
import io.millrace.engine.feed.FeedsConfig;
import io.millrace.web.socket.RawClient;
import io.millrace.web.stream.StreamGatewayConfig.Limits;
import io.millrace.web.stream.StreamGatewayConfig.Liveness;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that read slowly: they delay nobody, cost little, and miss nothing without being told (L7, L9). */
class SlowReadersTest {
    private static final int QUEUE_BYTES = 64 << 10;
    private static final Limits TIGHT = new Limits(1 << 10, 100, 10, 100, QUEUE_BYTES, 64 << 20);
    /** More than the kernel takes for a client that takes nothing, many times what may wait for it. */
    private static final int CHANGES = 400;

    private static final String LARGE = "x".repeat(8 << 10);

    private final OpenGateway at = new OpenGateway();

    @AfterEach
    void close() throws Exception {
        at.close();
    }

    private RawClient narrow(OpenGateway open, StreamGateway gateway, String path) throws IOException {
        RawClient client = RawClient.narrow(gateway.port(), path);
        open.closeLater(client);
        return client;
    }

    /** Writes, and sees that one who reads gets each change at once. */
    private void write(OpenGateway open, RawClient quick) throws IOException {
        for (int i = 0; i < CHANGES; i++) {
            open.streams.set(OpenGateway.TODOS, "a", value(i));
            assertThat(OpenGateway.said(quick.nextText())).endsWith(" " + value(i));
        }
    }

    private static String value(int number) {
        return "\"" + number + LARGE + "\"";
    }

    @Test
    void aSlowReaderHoldsAPlaceDelaysNobodyAndThenGetsEverything() throws IOException {
        StreamGateway gateway = at.gateway(TIGHT, OpenGateway.BRIEF, List.of());
        RawClient slow = narrow(at, gateway, "/stream/todo/all");
        slow.nextText();
        RawClient quick = at.connect(gateway, "/stream/todo/all");
        quick.nextText();
        write(at, quick);
        assertThat(at.events.lagging).hasValue(1);
        assertThat(gateway.queuedBytes()).isBetween(1L, (long) QUEUE_BYTES);
        for (int i = 0; i < CHANGES; i++) {
            assertThat(OpenGateway.said(slow.nextText())).endsWith(" " + value(i));
        }
        at.streams.set(OpenGateway.TODOS, "last", "1");
        assertThat(OpenGateway.said(slow.nextText())).isEqualTo("create 1");
        assertThat(at.events.closed).hasValue(0);
    }

    @Test
    void oneSlowerThanWhatIsKeptIsResetAndGetsWhatIsThere() throws Exception {
        OpenGateway brief = new OpenGateway(FeedsConfig.of(256 << 10, 1_000, Duration.ofHours(1)));
        try {
            StreamGateway gateway = brief.gateway(TIGHT, OpenGateway.BRIEF, List.of());
            RawClient slow = narrow(brief, gateway, "/stream/todo/all?cursors=true");
            slow.nextText();
            RawClient quick = brief.connect(gateway, "/stream/todo/all");
            quick.nextText();
            write(brief, quick);
            int next = 0;
            String frame = slow.nextText();
            while (!frame.contains("\"reset\"")) {
                assertThat(OpenGateway.said(frame)).endsWith(" " + value(next));
                next++;
                frame = slow.nextText();
            }
            assertThat(Json.ofText(frame).tree().path("event").path("reason").asString())
                    .isEqualTo("behind");
            assertThat(next).isBetween(1, CHANGES - 1);
            assertThat(OpenGateway.said(slow.nextText())).isEqualTo("sync [" + value(CHANGES - 1) + "]");
            brief.streams.set(OpenGateway.TODOS, "last", "1");
            assertThat(OpenGateway.said(slow.nextText())).isEqualTo("create 1");
        } finally {
            brief.close();
        }
    }

    @Test
    void oneThatWantsTheLatestGetsFewerFramesAndTheLastOfThem() throws IOException {
        StreamGateway gateway = at.gateway(TIGHT, OpenGateway.BRIEF, List.of());
        RawClient slow = narrow(at, gateway, "/stream/todo/all?mode=latest");
        slow.nextText();
        RawClient quick = at.connect(gateway, "/stream/todo/all");
        quick.nextText();
        write(at, quick);
        List<String> got = new ArrayList<>();
        while (got.isEmpty() || !got.getLast().endsWith(" " + value(CHANGES - 1))) {
            got.add(OpenGateway.said(slow.nextText()));
        }
        assertThat(got).hasSizeLessThan(CHANGES / 2);
    }

    @Test
    void whenTheNodeIsShortOfMemoryAStalledSocketWaitsUntilItReads() throws IOException {
        Limits tight = new Limits(1 << 10, 100, 10, 100, QUEUE_BYTES, 1 << 20);
        StreamGateway gateway = at.gateway(tight, Liveness.defaults(), List.of());
        at.fill(100, 50_000);
        RawClient slow = narrow(at, gateway, "/stream/todo/all");
        await().until(() -> at.events.synced.get() == 1);
        RawClient quick = at.connect(gateway, "/");
        quick.text(OpenGateway.join("1", OpenGateway.TODOS, ",\"id\":\"last\""));
        quick.nextText();
        at.streams.set(OpenGateway.TODOS, "last", "1");
        assertThat(OpenGateway.said(quick.nextText())).isEqualTo("create 1");
        await().until(() -> at.events.lagging.get() == 1);
        assertThat(slow.nextText()).hasSizeGreaterThan(5_000_000);
        assertThat(OpenGateway.said(slow.nextText())).isEqualTo("create 1");
    }

    @Test
    void whoKeepsUpAgainIsNotCountedAsLaggingAnyMore() throws IOException {
        Liveness brisk = new Liveness(Duration.ofMillis(20), 1_000, Duration.ofSeconds(30), Duration.ofMillis(200));
        StreamGateway gateway = at.gateway(TIGHT, brisk, List.of());
        RawClient slow = narrow(at, gateway, "/stream/todo/all");
        slow.nextText();
        RawClient quick = at.connect(gateway, "/stream/todo/all");
        quick.nextText();
        write(at, quick);
        await().until(() -> at.events.lagging.get() == 1);
        assertThat(at.events.caughtUp).hasValue(0);
        for (int i = 0; i < CHANGES; i++) {
            slow.nextText();
        }
        await().until(() -> at.events.caughtUp.get() == at.events.lagging.get());
    }
}
