package io.millrace.web.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.channel.Channel;
import io.millrace.web.socket.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ChannelSocketsTest {
    private final OpenPort port = new OpenPort(OpenPort.USUAL);

    @AfterEach
    void close() throws Exception {
        port.close();
    }

    private static String path(JsonNode ref) {
        return "/ws/channels/" + ref.path("channel_id").asString() + "?key="
                + ref.path("access_key").asString() + "&dir="
                + ref.path("direction").asString();
    }

    private RawClient writer(Channel channel) throws IOException {
        return port.connect(path(channel.writerRef().tree()));
    }

    private RawClient reader(Channel channel) throws IOException {
        return port.connect(path(channel.readerRef().tree()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void textAndBytesComeOutAsTheyWentInAndThenTheEnd() throws IOException {
        Channel channel = port.channels.create(64);
        RawClient writer = writer(channel);
        writer.text("early");
        RawClient reader = reader(channel);
        writer.frame(0x82, bytes("some bytes"));
        writer.text("{}");
        writer.frame(0x88, new byte[] {0x03, (byte) 0xe8});
        assertThat(reader.next()).isEqualTo("text early");
        assertThat(reader.next()).isEqualTo("binary some bytes");
        assertThat(reader.next()).isEqualTo("text {}");
        assertThat(reader.next()).isEqualTo("close");
    }

    @Test
    void aWriterThatIsCutOffIsAtItsEndToo() throws IOException {
        Channel channel = port.channels.create(64);
        RawClient reader = reader(channel);
        RawClient writer = writer(channel);
        writer.text("a");
        assertThat(reader.next()).isEqualTo("text a");
        writer.reset();
        assertThat(reader.next()).isEqualTo("close");
    }

    @Test
    void anEndIsForOneOnly() throws IOException {
        Channel channel = port.channels.create(64);
        writer(channel);
        reader(channel);
        assertThat(writer(channel).next()).isEqualTo("close");
        assertThat(reader(channel).next()).isEqualTo("close");
    }

    @Test
    void aWrongKeyFindsNothing() throws IOException {
        Channel channel = port.channels.create(64);
        RawClient stranger = port.connect("/ws/channels/" + channel.id() + "?key=guess&dir=read");
        assertThat(stranger.status()).startsWith("HTTP/1.1 404");
    }

    @Test
    void aWriterWaitsForItsReader() throws Exception {
        Channel channel = port.channels.create(4);
        RawClient writer = writer(channel);
        int items = 3_000;
        byte[] piece = new byte[16 << 10];
        Thread writing = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < items; i++) {
                    writer.frame(0x82, piece);
                }
                writer.frame(0x88, new byte[0]);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(channel::isFull);
        RawClient reader = reader(channel);
        int got = 0;
        for (String next = reader.next(); !next.equals("close"); next = reader.next()) {
            assertThat(next).startsWith("binary");
            got++;
        }
        assertThat(got).isEqualTo(items);
        writing.join();
    }

    @Test
    void aWriterIsClosedWhenItsReaderIsGone() throws IOException {
        Channel channel = port.channels.create(4);
        RawClient writer = writer(channel);
        RawClient reader = reader(channel);
        writer.text("a");
        assertThat(reader.next()).isEqualTo("text a");
        reader.reset();
        assertThat(writer.next()).isEqualTo("close");
    }
}
