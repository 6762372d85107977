package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.core.address.Group;
import io.millrace.web.listen.Bind;
import io.millrace.web.listen.PortTakenException;
import io.millrace.web.socket.RawClient;
import io.millrace.web.stream.StreamGatewayConfig.Limits;
import io.millrace.web.stream.StreamGatewayConfig.Liveness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests become WebSockets, and what the others are told. */
class HandshakeTest {
    private final OpenGateway at = new OpenGateway();

    @AfterEach
    void close() throws Exception {
        at.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/stream/todo/all", "/stream/todo/all/", "/stream/%74odo/all?token=1", "/stream/todo/al%6C"})
    void aPathJoinsByItself(String path) throws IOException {
        at.streams.set(OpenGateway.TODOS, "a", "1");
        RawClient client = at.connect(at.gateway(), path);
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("sync [1]");
        client.text(OpenGateway.join("more", new Group("todo", "others"), ""));
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("sync []");
    }

    @Test
    void aPathMayNameAnItem() throws IOException {
        Group odd = new Group("a;b", "c/d");
        at.streams.set(odd, "\u00fc ", "1");
        at.streams.set(odd, "x", "2");
        RawClient client = at.connect(at.gateway(), "/stream/a;b/c%2Fd/%C3%BC%20");
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("sync 1");
        at.streams.set(odd, "x", "3");
        at.streams.set(odd, "\u00fc ", "4");
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("update 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/stream", "/streams", "/stream/", "/streams/", "/?a=b"})
    void someBarePathsWaitForMessages(String path) throws IOException {
        RawClient client = at.connect(at.gateway(), path);
        client.text(OpenGateway.join("1", OpenGateway.TODOS, ""));
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("sync []");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/else", "/stream/todo", "/stream/a/b/c/d", "/stream//all", "/stream/%ff/b", "/ws"})
    void otherPathsAreNotFound(String path) throws IOException {
        assertThat(at.connect(at.gateway(), path).status()).isEqualTo("HTTP/1.1 404 Not Found");
    }

    @Test
    void beyondSoManySocketsTheHandshakeIsRefused() throws IOException {
        Limits few = new Limits(1 << 10, 1, 3, 100, 1 << 20, 1 << 20);
        StreamGateway gateway = at.gateway(few, Liveness.defaults(), List.of());
        RawClient first = at.connect(gateway, "/stream/todo/all");
        first.nextText();
        RawClient second = at.connect(gateway, "/");
        assertThat(second.status()).startsWith("HTTP/1.1 503");
        assertThat(second.head).contains("Retry-After: 1");
        first.close();
        await().until(() -> gateway.sockets() == 0);
        assertThat(at.connect(gateway, "/").status()).startsWith("HTTP/1.1 101");
    }

    @ParameterizedTest
    @CsvSource({"https://evil.example, 403", "https://app.example, 101", ", 101"})
    void onlyAllowedOriginsMayConnect(String origin, int status) throws IOException {
        StreamGateway gateway = at.gateway(Limits.defaults(), Liveness.defaults(), List.of("https://app.example"));
        String header = origin == null ? "" : "Origin: " + origin + "\r\n";
        RawClient client = RawClient.connect(gateway.port(), "/", header);
        at.closeLater(client);
        assertThat(client.status()).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void theFirstOfferedProtocolIsEchoed() throws IOException {
        StreamGateway gateway = at.gateway();
        RawClient client = RawClient.connect(gateway.port(), "/", "Sec-WebSocket-Protocol: Authorization, token\r\n");
        at.closeLater(client);
        assertThat(client.head)
                .contains(
                        "Sec-WebSocket-Protocol: Authorization", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(at.connect(gateway, "/").head).noneMatch(line -> line.startsWith("Sec-WebSocket-Protocol"));
    }

    @ParameterizedTest
    @CsvSource({"/, 426", "/stream/todo/all, 426", "/else, 404"})
    void aPlainRequestIsToldWhatToDo(String path, int status) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + at.gateway().port() + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.body()).isNotBlank();
        }
    }

    @Test
    void aTakenPortIsNamedWithTheSettingToChange() {
        StreamGateway first = at.gateway();
        Bind taken = new Bind("127.0.0.1", first.port(), "MILLRACE_STREAM_PORT");
        assertThatThrownBy(() -> StreamGateway.open(StreamGatewayConfig.on(taken), at.feeds, at.events))
                .isInstanceOf(PortTakenException.class)
                .hasMessageMatching("port " + first.port()
                        + " is taken \\(127.0.0.1: .*\\): stop the other program or set MILLRACE_STREAM_PORT");
    }

    @Test
    void aJoinSentAlongWithTheHandshakeCounts() throws IOException {
        byte[] join = OpenGateway.join("1", OpenGateway.TODOS, "").getBytes(StandardCharsets.UTF_8);
        RawClient client = RawClient.hasty(at.gateway().port(), "/", RawClient.masked(0x81, join));
        at.closeLater(client);
        assertThat(OpenGateway.said(client.nextText())).isEqualTo("sync []");
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-WebSocket-Version: 8, 426",
        "Sec-WebSocket-Key: c2hvcnQ=, 400",
        "Sec-WebSocket-Key: no base64!, 400",
        "Upgrade: h2c, 426",
        "Connection: close, 426"
    })
    void aHandshakeThatIsNoneIsToldWhatIsWrong(String line, int status) throws IOException {
        String name = line.substring(0, line.indexOf(':'));
        int port = at.gateway().port();
        String request = "GET / HTTP/1.1|Host: x|Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 13"
                + "|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|";
        String wrong = request.replaceAll("\\|" + name + ": [^|]*\\|", "|" + line + "|") + "|";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(wrong.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            byte[] answer = socket.getInputStream().readNBytes(12);
            assertThat(new String(answer, StandardCharsets.ISO_8859_1)).isEqualTo("HTTP/1.1 " + status);
        }
    }
}
