package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.web.socket.RawClient;
import io.millrace.web.stream.StreamGatewayConfig.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** permessage-deflate, as RFC 7692 has it. */
class CompressionTest {
    private static final Compression ON = new Compression(true, OpenGateway.LEAST_COMPRESSED);
    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

    private final OpenGateway at = new OpenGateway();

    @AfterEach
    void close() throws Exception {
        at.close();
    }

    private RawClient connect(StreamGateway gateway, String path, String header) throws IOException {
        RawClient client = RawClient.connect(gateway.port(), path, header);
        at.closeLater(client);
        return client;
    }

    @Test
    void framesAreCompressedOnceForAllWhoWantThat() throws IOException {
        StreamGateway gateway = at.gateway(ON);
        RawClient one = connect(gateway, "/stream/todo/all", OFFER);
        RawClient other = connect(gateway, "/stream/todo/all", OFFER);
        RawClient plain = connect(gateway, "/stream/todo/all", "");
        assertThat(one.head)
                .contains("Sec-WebSocket-Extensions:"
                        + " permessage-deflate; server_no_context_takeover; client_no_context_takeover");
        assertThat(plain.head).noneMatch(line -> line.startsWith("Sec-WebSocket-Extensions"));
        one.next();
        other.next();
        plain.nextText();
        int before = at.events.compressed.get();
        for (int i = 0; i < 3; i++) {
            String value = "\"" + i + "x".repeat(500) + "\"";
            at.streams.set(OpenGateway.TODOS, "a", value);
            String frame = one.next();
            assertThat(frame).startsWith("deflated ").contains(value);
            assertThat(other.next()).isEqualTo(frame);
            assertThat("deflated " + plain.nextText()).isEqualTo(frame);
        }
        assertThat(at.events.compressed).hasValue(before + 3);
    }

    @Test
    void offIsOff() throws IOException {
        RawClient client = connect(at.gateway(), "/", OFFER);
        assertThat(client.head).noneMatch(line -> line.startsWith("Sec-WebSocket-Extensions"));
        client.frame(0xc1, new byte[] {0});
        assertThat(client.next()).isEqualTo("close 1002 reserved bits set");
    }

    @Test
    void aCompressedJoinCounts() throws IOException {
        RawClient client = connect(at.gateway(ON), "/", OFFER);
        client.frame(0xc1, deflated(OpenGateway.join("1", OpenGateway.TODOS, "")));
        assertThat(client.next()).contains("\"sync\"");
        client.text(OpenGateway.leave("1", OpenGateway.TODOS));
        client.frame(0x89, new byte[0]);
        assertThat(client.next()).isEqualTo("pong ");
    }

    @Test
    void whatBecomesTooLongIsRefusedThoughItCameShort() throws IOException {
        RawClient client = connect(at.gateway(ON), "/", OFFER);
        byte[] bomb = deflated(" ".repeat(50 << 20));
        assertThat(bomb).hasSizeLessThan(64 << 10);
        client.frame(0xc1, bomb);
        assertThat(client.next()).isEqualTo("close 1009 message of more than 65536 bytes");
        await().until(() -> at.events.violations.get() == 1);
    }

    private static byte[] deflated(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflating = new DeflaterOutputStream(bytes, new Deflater(9, true))) {
            deflating.write(text.getBytes(StandardCharsets.UTF_8));
        }
        bytes.write(0); // the block is marked as the last one: RFC 7692, 7.2.3.4
        return bytes.toByteArray();
    }
}
