package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.web.socket.RawClient;
import io.millrace.web.stream.StreamGatewayConfig.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Joins, leaves and what comes of them, over real sockets. */
class StreamGatewayTest {
    private final OpenGateway at = new OpenGateway();

    @AfterEach
    void close() throws Exception {
        at.close();
    }

    @Test
    void aJoinIsAnsweredWithTheSnapshotAndThenWithEveryChange() throws IOException {
        RawClient client = at.connect(at.gateway(), "/");
        at.streams.set(OpenGateway.TODOS, "a", "{\"id\":\"a\"}");
        client.text(OpenGateway.join("1", OpenGateway.TODOS, ""));
        String sync = client.nextText();
        assertThat(sync).contains("\"streamName\":\"todo\",\"groupId\":\"all\",\"id\":null");
        assertThat(OpenGateway.said(sync)).isEqualTo("sync [{\"id\":\"a\"}]");
        at.streams.set(OpenGateway.TODOS, "b", "1.0");
        at.streams.delete(OpenGateway.TODOS, "a");
        at.streams.send(OpenGateway.TODOS, null, "ring");
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("create 1.0");
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("delete {\"id\":\"a\"}");
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("event ring");
    }

    @Test
    void garbageIsIgnored() throws IOException {
        RawClient client = at.connect(at.gateway(), "/");
        for (String garbage : List.of(
                "",
                "  ",
                "{",
                "[]",
                "null",
                "{\"type\":\"join\"}",
                "{\"type\":\"join\",\"data\":{\"streamName\":\"todo\"}}",
                OpenGateway.join("1", OpenGateway.TODOS, ",\"id\":7"),
                OpenGateway.join("x".repeat(2_000), OpenGateway.TODOS, ""),
                "{\"type\":\"join\",\"data\":{\"subscriptionId\":\"1\",\"streamName\":\"\\ud800\",\"groupId\":\"b\"}}",
                "[".repeat(10_000),
                OpenGateway.join("1", OpenGateway.TODOS, "").replace("join", "dance"))) {
            client.text(garbage);
        }
        client.frame(0x82, new byte[] {1, 2, 3});
        client.text(OpenGateway.join("1", OpenGateway.TODOS, ",\"extra\":[{}],\"id\":null"));
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("sync []");
        assertThat(at.events.joined).hasValue(1);
    }

    @Test
    void aBinaryJoinCountsToo() throws IOException {
        RawClient client = at.connect(at.gateway(), "/");
        client.frame(0x82, OpenGateway.join("1", OpenGateway.TODOS, "").getBytes(StandardCharsets.UTF_8));
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("sync []");
    }

    @Test
    void anItemSubscriptionGetsItsItemAndItsEvents() throws IOException {
        RawClient client = at.connect(at.gateway(), "/");
        client.text(OpenGateway.join("1", OpenGateway.TODOS, ",\"id\":\"a\""));
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("sync null");
        at.streams.set(OpenGateway.TODOS, "b", "1");
        at.streams.send(OpenGateway.TODOS, null, "for the group");
        at.streams.send(OpenGateway.TODOS, "b", "for another");
        at.streams.send(OpenGateway.TODOS, "a", "for it");
        at.streams.set(OpenGateway.TODOS, "a", "2");
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("event for it");
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("create 2");
    }

    @Test
    void nothingComesAfterALeave() throws IOException {
        RawClient client = at.connect(at.gateway(), "/");
        client.text(OpenGateway.join("1", OpenGateway.TODOS, ""));
        client.nextText();
        client.text(OpenGateway.leave("unknown", OpenGateway.TODOS));
        client.text(OpenGateway.leave("1", OpenGateway.TODOS));
        client.text(OpenGateway.join("2", new Group("todo", "others"), ""));
        client.nextText();
        at.streams.set(OpenGateway.TODOS, "a", "1");
        at.streams.set(new Group("todo", "others"), "a", "2");
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("create 2");
    }

    @Test
    void aJoinUnderAKnownIdReplacesTheSubscription() throws IOException {
        RawClient client = at.connect(at.gateway(), "/");
        client.text(OpenGateway.join("1", OpenGateway.TODOS, ""));
        client.nextText();
        client.text(OpenGateway.join("1", new Group("todo", "others"), ""));
        client.nextText();
        at.streams.set(OpenGateway.TODOS, "a", "1");
        at.streams.set(new Group("todo", "others"), "a", "2");
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("create 2");
    }

    @Test
    void aSocketThatEndsLeavesEverything() throws IOException {
        StreamGateway gateway = at.gateway();
        RawClient client = at.connect(gateway, "/stream/todo/all");
        client.nextText();
        client.text(OpenGateway.join("1", OpenGateway.TODOS, ",\"id\":\"a\""));
        client.nextText();
        assertThat(gateway.sockets()).isEqualTo(1);
        client.close();
        await().until(() -> gateway.sockets() == 0);
        assertThat(at.events.opened).hasValue(1);
        assertThat(at.events.closed).hasValue(1);
        at.streams.set(OpenGateway.TODOS, "a", "1");
    }

    @Test
    void aPingIsAnsweredWithItsPayload() throws IOException {
        RawClient client = at.connect(at.gateway(), "/");
        client.frame(0x89, "hello".getBytes(StandardCharsets.UTF_8));
        assertThat(client.next()).isEqualTo("pong hello");
    }

    @Test
    void aCloseIsAnsweredAndEndsTheConnection() throws IOException {
        StreamGateway gateway = at.gateway();
        RawClient client = at.connect(gateway, "/");
        client.frame(0x88, new byte[] {0x0f, (byte) 0xa0});
        assertThat(client.next()).isEqualTo("close 4000 ");
        assertThat(client.next()).isEqualTo("gone");
        await().until(() -> gateway.sockets() == 0);
    }

    @Test
    void whoBreaksTheProtocolIsToldWhy() throws IOException {
        StreamGateway gateway = at.gateway();
        RawClient client = at.connect(gateway, "/stream/todo/all");
        client.nextText();
        client.raw(new byte[] {(byte) 0x81, 0x01, 'x'});
        assertThat(client.next()).isEqualTo("close 1002 unmasked frame");
        client.raw(new byte[] {1, 2, 3});
        client.close();
        await().until(() -> gateway.sockets() == 0);
        assertThat(at.events.violations).hasValue(1);
    }

    @Test
    void aMessageOverTheLimitIsRefused() throws IOException {
        RawClient client = at.connect(at.gateway(), "/");
        client.text("x".repeat((64 << 10) + 1));
        assertThat(client.next()).isEqualTo("close 1009 message of more than 65536 bytes");
    }

    @Test
    void aSocketMayHaveSoManySubscriptionsOnly() throws IOException {
        Limits few = new Limits(1 << 10, 10, 3, 100, 1 << 20, 1 << 20);
        RawClient client = at.connect(at.gateway(few, OpenGateway.BRIEF, List.of()), "/");
        for (int i = 0; i < 4; i++) {
            client.text(OpenGateway.join("s" + i, OpenGateway.TODOS, ""));
        }
        assertThat(client.last()).isEqualTo("close 1008 more than 3 subscriptions");
    }

    @Test
    void manyJoinsAtOnceAreServedInTurn() throws IOException {
        RawClient client = at.connect(at.gateway(), "/");
        for (int i = 0; i < 200; i++) {
            client.text(OpenGateway.join("s" + i, new Group("todo", "g" + i), ""));
        }
        client.text(OpenGateway.leave("s199", OpenGateway.TODOS));
        client.text(OpenGateway.join("end", new Group("todo", "end"), ""));
        List<String> groups = new ArrayList<>();
        while (!groups.contains("end")) {
            groups.add(Json.ofText(client.nextText()).tree().path("groupId").asString());
        }
        assertThat(groups).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(185);
        assertThat(at.events.joined).hasValue(201);
    }
}
