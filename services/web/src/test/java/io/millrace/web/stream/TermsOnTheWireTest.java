package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.value.Json;
import io.millrace.engine.feed.Mode;
import io.millrace.engine.feed.Terms;
import io.millrace.engine.gate.Arrival;
import io.millrace.web.socket.RawClient;
import io.millrace.web.stream.GatewayEvents.JoinRefusal;
import io.millrace.web.stream.StreamGatewayConfig.Limits;
import io.millrace.web.stream.StreamGatewayConfig.Liveness;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Cursors and modes, as clients ask for them and as they see them. */
class TermsOnTheWireTest {
    private final OpenGateway at = new OpenGateway();

    @AfterEach
    void close() throws Exception {
        at.close();
    }

    @Test
    void whoAsksForNothingGetsTheUsual() {
        assertThat(Wanted.of(tree("{}"))).isEqualTo(new Wanted.Fit(Terms.USUAL));
        assertThat(Wanted.of(tree("{\"cursors\":null,\"cursor\":null,\"mode\":null,\"interval\":null}")))
                .isEqualTo(new Wanted.Fit(Terms.USUAL));
        assertThat(Wanted.of(Arrival.query("token=1&cursor="))).isEqualTo(new Wanted.Fit(Terms.USUAL));
    }

    @Test
    void messagesAndUrlsSayTheSame() {
        Terms all = new Terms(new Mode.Latest(Duration.ofMillis(200)), true, "a.b");
        assertThat(Wanted.of(tree("{\"cursors\":true,\"cursor\":\"a.b\",\"mode\":\"latest\",\"interval\":200}")))
                .isEqualTo(new Wanted.Fit(all));
        assertThat(Wanted.of(Arrival.query("cursors=true&cursor=a%2eb&mode=%6catest&interval=200")))
                .isEqualTo(new Wanted.Fit(all));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'mode':'newest'          | mode: newest (expected: every or latest)",
                "'mode':7                 | mode: 7 (expected: every or latest)",
                "'mode':'\u00fcber'      | mode: ?ber (expected: every or latest)",
                "'cursors':'true'         | cursors: \"true\" (expected: true or false)",
                "'interval':5             | interval: 5 (expected: only with mode latest)",
                "'mode':'latest','interval':-1 | interval: -1 (expected: whole milliseconds, at most 3600000)",
                "'mode':'latest','interval':1.5 | interval: 1.5 (expected: whole milliseconds, at most 3600000)",
                "'mode':'latest','interval':3600001 | interval: 3600001 (expected: whole milliseconds, at most 3600000)",
                "'mode':'latest','interval':'5' | interval: \"5\" (expected: whole milliseconds, at most 3600000)",
            })
    void aJoinThatCannotBeServedAsAskedIsRefusedWithAReason(String terms, String why) throws IOException {
        RawClient client = at.connect(at.gateway(), "/");
        client.text(OpenGateway.join("1", OpenGateway.TODOS, ",\"id\":\"a\"," + quoted(terms)));
        JsonNode frame = Json.ofText(client.nextText()).tree();
        assertThat(frame.path("id").asString()).isEqualTo("a");
        assertThat(frame.path("event").path("type").asString()).isEqualTo("refused");
        assertThat(frame.path("event").path("reason").asString()).isEqualTo(why);
        assertThat(at.events.joined).hasValue(0);
        assertThat(at.events.joinsRefused).containsExactly(JoinRefusal.TERMS);
    }

    @ParameterizedTest
    @CsvSource({
        "/stream/todo/all?mode=newest, mode: newest (expected: every or latest)",
        "/stream/todo/all?interval=1, interval: 1 (expected: only with mode latest)",
        "/stream/todo/all?cursors=1, cursors: 1 (expected: true or false)",
        "/?cursors=yes, cursors: yes (expected: true or false)",
    })
    void aUrlThatCannotBeServedIsAnsweredWithASentence(String path, String why) throws IOException {
        RawClient client = at.connect(at.gateway(), path);
        assertThat(client.status()).startsWith("HTTP/1.1 400");
        assertThat(client.body()).isEqualTo(why + "\n");
        assertThat(at.events.turnedAway).containsExactly(400);
    }

    @Test
    void aUrlThatJoinsNothingMayHaveAnyOtherParameters() throws IOException {
        assertThat(at.connect(at.gateway(), "/?mode=dark&interval=x").status()).startsWith("HTTP/1.1 101");
    }

    @Test
    void whoAsksForCursorsGetsOneInEachFrameAndGoesOnWithIt() throws IOException {
        StreamGateway gateway = at.gateway();
        RawClient first = at.connect(gateway, "/stream/todo/all?cursors=true");
        String sync = first.nextText();
        assertThat(sync).containsPattern(",\"cursor\":\"[a-z0-9.]+\"}$");
        at.streams.set(OpenGateway.TODOS, "a", "1");
        String cursor = cursor(first.nextText());
        first.close();
        at.streams.set(OpenGateway.TODOS, "a", "2");
        at.streams.send(OpenGateway.TODOS, "a", "ring");
        RawClient second = at.connect(gateway, "/");
        second.text(OpenGateway.join("1", OpenGateway.TODOS, ",\"cursors\":true,\"cursor\":\"" + cursor + "\""));
        assertThat(OpenGateway.said(second.nextText())).isEqualTo("update 2");
        String event = second.nextText();
        assertThat(OpenGateway.said(event)).isEqualTo("event ring");
        assertThat(cursor(event)).isNotEqualTo(cursor);
    }

    @Test
    void aCursorThatIsNoneIsAnsweredWithAResetAndASnapshot() throws IOException {
        at.streams.set(OpenGateway.TODOS, "a", "1");
        StreamGateway gateway = at.gateway();
        for (String path : List.of("/stream/todo/all?cursor=garbage", "/stream/todo/all?cursor=%7e")) {
            RawClient client = at.connect(gateway, path);
            JsonNode reset = Json.ofText(client.nextText()).tree();
            assertThat(reset.path("event").path("type").asString()).isEqualTo("reset");
            assertThat(reset.path("event").path("reason").asString()).isEqualTo("unknown");
            assertThat(OpenGateway.said(client.nextText())).isEqualTo("sync [1]");
        }
    }

    @Test
    void aBareUrlMayAskForCursorsOnceForAllJoins() throws IOException {
        RawClient client = at.connect(at.gateway(), "/?cursors=true");
        client.text(OpenGateway.join("1", OpenGateway.TODOS, ""));
        assertThat(cursor(client.nextText())).isNotEmpty();
    }

    @Test
    void aQuietSubscriptionWithCursorsIsToldNewOnes() throws IOException {
        Liveness brisk = new Liveness(Duration.ofMillis(20), 1_000, Duration.ofSeconds(30), Duration.ofMillis(200));
        StreamGateway gateway = at.gateway(Limits.defaults(), brisk, List.of());
        RawClient client = at.connect(gateway, "/stream/todo/all?cursors=true");
        client.nextText();
        JsonNode beat = Json.ofText(client.nextText()).tree();
        assertThat(beat.path("event").path("type").asString()).isEqualTo("cursor");
        assertThat(beat.path("cursor").asString()).isNotEmpty();
        RawClient plain = at.connect(gateway, "/stream/todo/all");
        plain.nextText();
        await().until(() -> plain.next().equals("ping "));
        assertThat(plain.next()).isEqualTo("ping ");
    }

    private static String cursor(String frame) {
        return Json.ofText(frame).tree().path("cursor").asString("");
    }

    private static JsonNode tree(String json) {
        return Json.ofText(json).tree();
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }
}
