package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.web.socket.RawClient;
import io.millrace.web.stream.StreamGatewayConfig.Limits;
import io.millrace.web.stream.StreamGatewayConfig.Liveness;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that break off or fall silent, and what the others notice of it: nothing (L9). */
class BadPeersTest {
    private final OpenGateway at = new OpenGateway();

    @AfterEach
    void close() throws Exception {
        at.close();
    }

    @Test
    void aSnapshotMayBeLargerThanTheQueueAndLiveFramesMayWaitBehindIt() throws IOException {
        Limits tight = new Limits(1 << 10, 100, 10, 100, 64 << 10, 64 << 20);
        StreamGateway gateway = at.gateway(tight, OpenGateway.BRIEF, List.of());
        at.fill(100, 50_000);
        RawClient client = RawClient.narrow(gateway.port(), "/stream/todo/all");
        at.closeLater(client);
        await().until(() -> at.events.synced.get() == 1);
        for (int i = 0; i < 100; i++) {
            at.streams.set(OpenGateway.TODOS, "last", Integer.toString(i));
        }
        assertThat(client.nextText()).hasSizeGreaterThan(5_000_000);
        for (int i = 0; i < 100; i++) {
            assertThat(OpenGateway.said(client.nextText())).endsWith(" " + i);
        }
    }

    @Test
    void aConnectionThatBreaksAmidDeliveriesHarmsNobody() throws IOException {
        StreamGateway gateway = at.gateway();
        RawClient steady = at.connect(gateway, "/stream/todo/all");
        steady.nextText();
        for (int i = 0; i < 20; i++) {
            RawClient broken = at.connect(gateway, "/stream/todo/all");
            broken.nextText();
            broken.reset();
            at.streams.set(OpenGateway.TODOS, "a", Integer.toString(i));
            assertThat(OpenGateway.said(steady.nextText())).endsWith(" " + i);
        }
        await().until(() -> gateway.sockets() == 1);
    }

    @Test
    void aPeerThatNeverAnswersIsTakenForDead() throws IOException {
        Liveness quick = new Liveness(Duration.ofMillis(50), 2, Duration.ofSeconds(30), Duration.ofSeconds(1));
        StreamGateway gateway = at.gateway(Limits.defaults(), quick, List.of());
        RawClient client = at.connect(gateway, "/stream/todo/all");
        client.nextText();
        assertThat(client.last()).isEqualTo("ping ");
        await().until(() -> gateway.sockets() == 0);
        assertThat(at.events.unresponsive).hasValue(1);
    }

    @Test
    void aPeerThatAnswersPingsLives() throws IOException {
        Liveness quick = new Liveness(Duration.ofMillis(20), 1, Duration.ofSeconds(30), Duration.ofSeconds(1));
        RawClient client = at.connect(at.gateway(Limits.defaults(), quick, List.of()), "/");
        for (int i = 0; i < 10; i++) {
            assertThat(client.next()).isEqualTo("ping ");
            client.frame(0x8a, new byte[0]);
        }
        assertThat(at.events.unresponsive).hasValue(0);
    }

    @Test
    void aPeerThatTakesNothingIsTakenForDead() throws IOException {
        Liveness quick = new Liveness(Duration.ofMillis(50), 100, Duration.ofMillis(100), Duration.ofSeconds(1));
        StreamGateway gateway = at.gateway(Limits.defaults(), quick, List.of());
        for (int i = 0; i < 200; i++) {
            at.streams.set(OpenGateway.TODOS, "item" + i, "\"" + "x".repeat(50_000) + "\"");
        }
        RawClient client = RawClient.narrow(gateway.port(), "/stream/todo/all");
        at.closeLater(client);
        await().until(() -> gateway.sockets() == 1);
        await().until(() -> gateway.sockets() == 0);
        assertThat(at.events.unresponsive).hasValue(1);
    }

    @Test
    void aGatewayThatClosesSaysSo() throws Exception {
        StreamGateway gateway = at.gateway(Limits.defaults(), OpenGateway.BRIEF, List.of());
        RawClient polite = at.connect(gateway, "/stream/todo/all");
        polite.nextText();
        RawClient rude = at.connect(gateway, "/");
        await().until(() -> gateway.sockets() == 2);
        Thread closing = Thread.startVirtualThread(gateway::close);
        assertThat(polite.next()).isEqualTo("close 1001 going away");
        polite.frame(0x88, new byte[] {0x03, (byte) 0xe9});
        assertThat(polite.next()).isEqualTo("gone");
        assertThat(rude.last()).isEqualTo("close 1001 going away");
        closing.join();
        assertThat(gateway.sockets()).isZero();
    }
}
