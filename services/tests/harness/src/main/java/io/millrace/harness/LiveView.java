package io.millrace.harness;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A subscriber of one group that joins again whenever its socket is lost, from the start or with the cursor it was told
 * last, and keeps the values by their {@code id}.
 */
public final class LiveView implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService again = Executors.newSingleThreadScheduledExecutor();
    private final Supplier<URI> uri;
    private final boolean resuming;
    private final AtomicInteger syncs = new AtomicInteger();
    private final AtomicInteger frames = new AtomicInteger();
    private TreeMap<String, JsonNode> values = new TreeMap<>();
    private volatile boolean closed;
    private volatile @Nullable String broken;
    private volatile String cursor = "";
    private long lastVersion;

    /** One that begins with a snapshot each time. */
    public LiveView(URI uri) {
        this(() -> uri, false);
    }

    private LiveView(Supplier<URI> uri, boolean resuming) {
        this.uri = uri;
        this.resuming = resuming;
        connect();
    }

    /** One that goes on where it was. */
    public static LiveView resuming(URI uri) {
        return new LiveView(() -> uri, true);
    }

    /** One that goes on where it was, each time at the place that is given then. */
    public static LiveView resuming(Supplier<URI> uri) {
        return new LiveView(uri, true);
    }

    /** One that begins with a snapshot each time, each time at the place that is given then. */
    public static LiveView beginning(Supplier<URI> uri) {
        return new LiveView(uri, false);
    }

    private URI place() {
        return resuming ? URI.create(uri.get() + "?cursors=true&cursor=" + cursor) : uri.get();
    }

    private void connect() {
        if (closed) {
            return;
        }
        http.newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(3))
                .buildAsync(place(), new Frames(!cursor.isEmpty()))
                .whenComplete((socket, failure) -> {
                    if (failure != null) {
                        later();
                    }
                });
    }

    private void later() {
        if (!closed) {
            again.schedule(this::connect, 100, TimeUnit.MILLISECONDS);
        }
    }

    /** What it shows now, by id. */
    public synchronized Map<String, JsonNode> values() {
        return new TreeMap<>(values);
    }

    /** How many snapshots it got. */
    public int syncs() {
        return syncs.get();
    }

    /** How many frames it got, snapshots too. */
    public int frames() {
        return frames.get();
    }

    /** What was wrong with a frame, if anything was. */
    public @Nullable String broken() {
        return broken;
    }

    private synchronized void take(JsonNode frame, boolean first) {
        JsonNode event = frame.path("event");
        String type = event.path("type").asString();
        cursor = frame.path("cursor").asString(cursor);
        if (type.equals("cursor")) {
            return;
        }
        frames.incrementAndGet();
        if (first != type.equals("sync")) {
            broken = "frame " + type + (first ? " before" : " after") + " the sync";
        }
        switch (type) {
            case "sync" -> {
                syncs.incrementAndGet();
                values = new TreeMap<>();
                event.path("data").forEach(value -> values.put(value.path("id").asString(), value));
            }
            case "create" -> put(frame, true);
            case "update" -> put(frame, false);
            case "delete" -> values.remove(frame.path("id").asString());
            default -> broken = "frame of type " + type;
        }
    }

    private void put(JsonNode frame, boolean created) {
        String id = frame.path("id").asString();
        JsonNode value = frame.path("event").path("data");
        JsonNode before = values.put(id, value);
        if (created != (before == null)) {
            broken = (created ? "create" : "update") + " of " + id + ", which was " + before;
        }
        long version = frame.path("version").asLong();
        if (version <= lastVersion) {
            broken = "version " + version + " after " + lastVersion;
        }
        lastVersion = version;
        long step = value.path("n").asLong()
                - (before == null ? 0 : before.path("n").asLong());
        if (step != 1) {
            broken = "from " + before + " to " + value + ": " + (step < 1 ? "a duplicate" : "a gap");
        }
    }

    @Override
    public void close() {
        closed = true;
        again.shutdownNow();
        http.shutdownNow();
    }

    private final class Frames implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private boolean first;

        Frames(boolean resumed) {
            first = !resumed;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(NodeProcess.JSON.readTree(text.toString()), first);
                first = false;
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            later();
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            later();
        }
    }
}
