package io.millrace.web.stream;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.feed.Feeds;
import io.millrace.engine.feed.FeedsConfig;
import io.millrace.engine.gate.Gate;
import io.millrace.web.listen.Bind;
import io.millrace.web.socket.RawClient;
import io.millrace.web.stream.StreamGatewayConfig.Compression;
import io.millrace.web.stream.StreamGatewayConfig.Limits;
import io.millrace.web.stream.StreamGatewayConfig.Liveness;
import io.millrace.web.stream.StreamGatewayConfig.Shares;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A gateway over streams in memory, with clients; everything is closed at the end. */
final class OpenGateway {
    static final Group TODOS = new Group("todo", "all");
    static final int LEAST_COMPRESSED = 100;
    static final Liveness BRIEF =
            new Liveness(Duration.ofSeconds(30), 2, Duration.ofSeconds(30), Duration.ofMillis(200));

    final MemoryStreams streams = new MemoryStreams();
    final CountingEvents events = new CountingEvents();
    final Feeds feeds;
    private final List<AutoCloseable> open = new ArrayList<>();

    OpenGateway() {
        this(FeedsConfig.defaults());
    }

    OpenGateway(FeedsConfig config) {
        feeds = streams.feeds(config, StreamGateway.encoder(new Compression(true, LEAST_COMPRESSED), events));
    }

    StreamGateway gateway(Limits limits, Liveness liveness, List<String> origins) {
        return gateway(limits, liveness, origins, Gate.OPEN);
    }

    StreamGateway gateway(Limits limits, Liveness liveness, List<String> origins, Gate gate) {
        return gateway(limits, Shares.defaults(), liveness, Compression.NONE, origins, gate);
    }

    StreamGateway gateway(Shares shares) {
        return gateway(Limits.defaults(), shares, BRIEF, Compression.NONE, List.of(), Gate.OPEN);
    }

    StreamGateway gateway(Compression compression) {
        return gateway(Limits.defaults(), Shares.defaults(), BRIEF, compression, List.of(), Gate.OPEN);
    }

    private StreamGateway gateway(
            Limits limits, Shares shares, Liveness liveness, Compression compression, List<String> origins, Gate gate) {
        Bind anyPort = new Bind("127.0.0.1", 0, "MILLRACE_STREAM_PORT");
        StreamGatewayConfig config =
                new StreamGatewayConfig(anyPort, 2, limits, shares, liveness, compression, origins);
        StreamGateway gateway = StreamGateway.open(config, feeds, gate, events);
        open.add(gateway);
        return gateway;
    }

    StreamGateway gateway() {
        return gateway(Limits.defaults(), Liveness.defaults(), List.of());
    }

    RawClient connect(StreamGateway gateway, String path) throws IOException {
        RawClient client = RawClient.connect(gateway.port(), path);
        open.add(client);
        return client;
    }

    void closeLater(AutoCloseable closeable) {
        open.add(closeable);
    }

    void fill(int items, int bytes) {
        for (int i = 0; i < items; i++) {
            streams.set(TODOS, "item" + i, "\"" + "x".repeat(bytes) + "\"");
        }
    }

    static String join(String id, Group group, String more) {
        return "{\"type\":\"join\",\"data\":{\"subscriptionId\":\"" + id + "\",\"streamName\":\"" + group.streamName()
                + "\",\"groupId\":\"" + group.groupId() + "\"" + more + "}}";
    }

    static String leave(String id, Group group) {
        return join(id, group, "").replace("\"join\"", "\"leave\"");
    }

    /** The kind and the data of a frame. */
    static String said(String frame) {
        JsonNode event = Json.ofText(frame).tree().path("event");
        JsonNode inner = event.path("event");
        return inner.isObject()
                ? "event " + inner.path("type").asString()
                : event.path("type").asString() + " " + event.path("data");
    }

    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        feeds.close();
        streams.close();
    }
}
