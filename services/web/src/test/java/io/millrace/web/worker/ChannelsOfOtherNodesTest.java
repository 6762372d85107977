package io.millrace.web.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.channel.Channel;
import io.millrace.web.fleet.Site;
import io.millrace.web.socket.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Sockets at two nodes, and channels that were made at a third. */
class ChannelsOfOtherNodesTest {
    private final Site home = new Site("home");
    private final Site left = new Site("left");
    private final Site right = new Site("right");
    private final AutoCloseable toLeft = Site.link(home, left);
    private final AutoCloseable toRight = Site.link(home, right);
    private final OpenPort leftPort = new OpenPort(OpenPort.USUAL, left.channels(), ignored -> left.pipes());
    private final OpenPort rightPort = new OpenPort(OpenPort.USUAL, right.channels(), ignored -> right.pipes());

    @AfterEach
    void close() throws Exception {
        leftPort.close();
        rightPort.close();
        home.close();
        left.close();
        right.close();
    }

    private static String path(JsonNode ref) {
        return "/ws/channels/" + ref.path("channel_id").asString() + "?key="
                + ref.path("access_key").asString() + "&dir="
                + ref.path("direction").asString();
    }

    private RawClient writer(Channel channel) throws IOException {
        return leftPort.connect(path(channel.writerRef().tree()));
    }

    private RawClient reader(Channel channel) throws IOException {
        return rightPort.connect(path(channel.readerRef().tree()));
    }

    private boolean nothingIsLeft() {
        home.channels().sweep();
        return home.channels().size() == 0
                && home.pipes().size() + left.pipes().size() + right.pipes().size() == 0;
    }

    @Test
    void textAndBytesComeOutAsTheyWentInAndThenTheEnd() throws IOException {
        Channel channel = home.channels().create(64);
        RawClient writer = writer(channel);
        writer.text("early");
        RawClient reader = reader(channel);
        writer.frame(0x82, "some bytes".getBytes(StandardCharsets.UTF_8));
        writer.text("{}");
        writer.frame(0x88, new byte[] {0x03, (byte) 0xe8});
        assertThat(reader.next()).isEqualTo("text early");
        assertThat(reader.next()).isEqualTo("binary some bytes");
        assertThat(reader.next()).isEqualTo("text {}");
        assertThat(reader.next()).isEqualTo("close");
        await().until(this::nothingIsLeft);
    }

    @Test
    void whoComesTwiceOrWithTheWrongKeyOrForNothingLearnsIt() throws Exception {
        Channel channel = home.channels().create(64);
        writer(channel);
        await().until(() -> left.pipes().size() == 1 && home.pipes().size() == 1);
        reader(channel);
        await().until(() -> home.pipes().size() == 2);
        assertThat(writer(channel).next()).isEqualTo("close");
        assertThat(reader(channel).next()).isEqualTo("close");
        RawClient stranger = leftPort.connect("/ws/channels/" + channel.id() + "?key=guess&dir=read");
        assertThat(stranger.status()).startsWith("HTTP/1.1 404");
        toLeft.close();
        assertThat(writer(channel).status()).startsWith("HTTP/1.1 503");
    }

    @Test
    void aWriterWaitsForItsReader() throws Exception {
        Channel channel = home.channels().create(4);
        RawClient writer = writer(channel);
        int items = 3_000;
        byte[] piece = new byte[16 << 10];
        AtomicInteger written = new AtomicInteger();
        Thread writing = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < items; i++) {
                    writer.frame(0x82, piece);
                    written.incrementAndGet();
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
        assertThat(written.get()).isEqualTo(items);
        writing.join();
        await().until(this::nothingIsLeft);
    }

    @Test
    void aWriterIsClosedWhenItsReaderIsGone() throws IOException {
        Channel channel = home.channels().create(4);
        RawClient writer = writer(channel);
        RawClient reader = reader(channel);
        writer.text("a");
        assertThat(reader.next()).isEqualTo("text a");
        reader.reset();
        assertThat(writer.next()).isEqualTo("close");
        await().until(this::nothingIsLeft);
    }

    @Test
    void aWriterThatIsCutOffOrWhoseNodeIsLostIsAtItsEndForTheReader() throws Exception {
        Channel cutOff = home.channels().create(4);
        RawClient writer = writer(cutOff);
        RawClient reader = reader(cutOff);
        writer.text("a");
        assertThat(reader.next()).isEqualTo("text a");
        writer.reset();
        assertThat(reader.next()).isEqualTo("close");

        Channel lost = home.channels().create(4);
        RawClient lostWriter = writer(lost);
        RawClient lostReader = reader(lost);
        lostWriter.text("a");
        assertThat(lostReader.next()).isEqualTo("text a");
        toLeft.close();
        assertThat(lostReader.next()).isEqualTo("close");
        assertThat(lostWriter.next()).isEqualTo("close");
    }

    @Test
    void aWriterIsClosedWhenItsReadersNodeIsLost() throws Exception {
        Channel channel = home.channels().create(4);
        RawClient writer = writer(channel);
        RawClient reader = reader(channel);
        writer.text("a");
        assertThat(reader.next()).isEqualTo("text a");
        toRight.close();
        assertThat(writer.next()).isEqualTo("close");
        assertThat(reader.next()).isEqualTo("close");
        await().until(this::nothingIsLeft);
    }
}
