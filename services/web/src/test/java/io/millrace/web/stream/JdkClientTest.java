package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.feed.Feeds;
import io.millrace.web.listen.Bind;
import io.millrace.web.socket.WireFrames;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Our frames as another implementation of RFC 6455 reads them, and its frames as we do. */
class JdkClientTest {
    private static final Group TODOS = new Group("todo", "all");

    private static final class Collector implements WebSocket.Listener {
        final BlockingQueue<String> got = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                got.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            got.add("pong of " + message.remaining());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            got.add("close " + code + reason);
            return null;
        }

        String next() throws InterruptedException {
            String next = got.poll(20, TimeUnit.SECONDS);
            return next == null ? "nothing" : next;
        }
    }

    @Test
    void framesOfEveryLengthAreUnderstoodBothWays() throws InterruptedException {
        try (MemoryStreams streams = new MemoryStreams();
                Feeds feeds = streams.feeds();
                StreamGateway gateway = StreamGateway.open(
                        StreamGatewayConfig.on(new Bind("127.0.0.1", 0, "MILLRACE_STREAM_PORT")),
                        feeds,
                        new CountingEvents());
                HttpClient client = HttpClient.newHttpClient()) {
            Collector collector = new Collector();
            WebSocket socket = client.newWebSocketBuilder()
                    .subprotocols("Authorization", "token")
                    .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/"), collector)
                    .join();
            assertThat(socket.getSubprotocol()).isEqualTo("Authorization");
            String join =
                    "{\"type\":\"join\",\"data\":{\"subscriptionId\":\"1\",\"streamName\":\"todo\",\"groupId\":\"all\"}}";
            socket.sendText(" ".repeat(60_000), false).join();
            socket.sendPing(ByteBuffer.wrap(new byte[125])).join();
            socket.sendText(join, true).join();
            assertThat(collector.next()).isEqualTo("pong of 125");
            assertThat(collector.next()).contains("\"sync\"");
            for (int bytes : new int[] {1, 50, 65_000, 65_334, 65_536, 70_000, 1_000_000}) {
                String value = "\"" + "\u00fc".repeat(bytes / 2) + "\"";
                streams.set(TODOS, "a", value);
                assertThat(Json.ofText(collector.next())
                                .tree()
                                .path("event")
                                .path("data")
                                .toString())
                        .isEqualTo(value);
            }
            socket.sendClose(4001, "enough").join();
            assertThat(collector.next()).isEqualTo("close 4001");
        }
    }

    @Test
    void theHeadOfAFrameFitsItsLength() {
        for (int length : new int[] {0, 125, 126, 65_535, 65_536}) {
            byte[] wire = WireFrames.frame(WireFrames.TEXT, new byte[length]);
            assertThat(wire.length - length).isEqualTo(length < 126 ? 2 : length < 65_536 ? 4 : 10);
        }
    }
}
