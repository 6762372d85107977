package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.address.Group;
import io.millrace.engine.feed.Feeds;
import io.millrace.web.listen.Bind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many sockets, all of them the JDK's own client. */
class CrowdedGatewayTest {
    private static final Group TODOS = new Group("todo", "all");
    private static final int SOCKETS = 2_000;
    private static final int CHANGES = 50;

    /** Checks that its frames are the snapshot and then every change in order. */
    private static final class Counter implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private final AtomicInteger complete;
        private final ConcurrentHashMap<String, String> faults;
        private int frames;

        Counter(AtomicInteger complete, ConcurrentHashMap<String, String> faults) {
            this.complete = complete;
            this.faults = faults;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String expected = frames == 0
                        ? "\"event\":{\"type\":\"sync\",\"data\":[0]}"
                        : "\"data\":" + frames + "},\"version\":";
                if (!text.toString().contains(expected)) {
                    faults.put(expected, text.toString());
                }
                text.setLength(0);
                frames++;
                if (frames == CHANGES + 1) {
                    complete.incrementAndGet();
                }
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }

    @Test
    void everySocketOfAGroupGetsEverythingInOrder() {
        AtomicInteger complete = new AtomicInteger();
        ConcurrentHashMap<String, String> faults = new ConcurrentHashMap<>();
        CountingEvents events = new CountingEvents();
        try (MemoryStreams streams = new MemoryStreams();
                Feeds feeds = streams.feeds();
                StreamGateway gateway = StreamGateway.open(
                        StreamGatewayConfig.on(new Bind("127.0.0.1", 0, "MILLRACE_STREAM_PORT")), feeds, events);
                HttpClient client = HttpClient.newHttpClient()) {
            streams.set(TODOS, "a", "0");
            URI uri = URI.create("ws://127.0.0.1:" + gateway.port() + "/stream/todo/all");
            List<CompletableFuture<WebSocket>> sockets = new ArrayList<>();
            for (int i = 0; i < SOCKETS; i++) {
                sockets.add(client.newWebSocketBuilder().buildAsync(uri, new Counter(complete, faults)));
                if (i % 100 == 99) {
                    CompletableFuture.allOf(sockets.toArray(CompletableFuture[]::new))
                            .join();
                }
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> events.synced.get() == SOCKETS);
            for (int i = 1; i <= CHANGES; i++) {
                streams.set(TODOS, "a", Integer.toString(i));
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> complete.get() == SOCKETS);
            assertThat(faults).isEmpty();
            assertThat(events.closed).hasValue(0);
            sockets.forEach(socket -> socket.join().abort());
        }
    }
}
