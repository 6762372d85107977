package io.millrace.node.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of the stream gateway, and of who may connect to it. */
final class GatewaySettings {
    static final Setting<String> HOST = new Setting<>(
            "gateway.host",
            Kinds.host(),
            "0.0.0.0",
            "Where the stream gateway listens; 0.0.0.0 is every network of this machine.");
    static final Setting<Integer> PORT =
            new Setting<>("gateway.port", Kinds.port(), "3112", "The port of the stream gateway.");
    static final Setting<Duration> PING_INTERVAL = new Setting<>(
            "gateway.ping-interval", Kinds.span("1s", "1h"), "30s", "How often a quiet socket is pinged.");
    static final Setting<Duration> IDLE_TIMEOUT = new Setting<>(
            "gateway.idle-timeout",
            Kinds.span("2s", "24h"),
            "90s",
            "How long a socket may send nothing, not even a pong, before it is closed.");
    static final Setting<Long> SOCKET_QUEUE = new Setting<>(
            "gateway.socket-queue",
            Kinds.size("4KiB", "64MiB"),
            "1MiB",
            "The most bytes that wait for one socket, snapshots apart; beyond it, its subscriptions wait at their places until half of that is gone.");
    static final Setting<Long> NODE_QUEUE = new Setting<>(
            "gateway.node-queue",
            Kinds.size("1MiB", "64GiB"),
            "128MiB",
            "The most bytes that wait for all sockets together, snapshots included; beyond it, those that take nothing get nothing more.");
    static final Setting<Long> MAX_MESSAGE = new Setting<>(
            "gateway.max-message", Kinds.size("1KiB", "16MiB"), "64KiB", "The largest message a client may send.");
    static final Setting<Integer> MAX_SOCKETS = new Setting<>(
            "gateway.max-sockets",
            Kinds.whole(1, 1_000_000),
            "50000",
            "The most sockets at a time; further ones are refused.");
    static final Setting<Integer> MAX_SUBSCRIPTIONS = new Setting<>(
            "gateway.max-subscriptions", Kinds.whole(1, 100_000), "1000", "The most subscriptions of one socket.");
    static final Setting<Integer> MAX_SOCKETS_PER_ADDRESS = new Setting<>(
            "gateway.max-sockets-per-address",
            Kinds.whole(0, 1_000_000),
            "0",
            "The most sockets of one address at a time, of IPv6 of one /64 network; further ones are refused with 429. 0: any number. Behind a proxy all have the proxy's address.");
    static final Setting<Integer> MAX_MESSAGES_PER_SECOND = new Setting<>(
            "gateway.max-messages-per-second",
            Kinds.whole(0, 1_000_000),
            "500",
            "How many messages a second a client may send, pings and pongs included; as many may come at once, or as many as it may have subscriptions. Beyond it, its socket is closed. 0: any number.");
    static final Setting<Boolean> COMPRESSION = new Setting<>(
            "gateway.compression",
            Kinds.flag(),
            "false",
            "Whether frames are compressed for sockets that offer permessage-deflate: once for all of them, each frame for itself.");
    static final Setting<Long> COMPRESSION_MIN_BYTES = new Setting<>(
            "gateway.compression-min-bytes", Kinds.size("0B", "1MiB"), "256B", "Shorter frames are not compressed.");
    static final Setting<List<String>> ALLOWED_ORIGINS = new Setting<>(
            "gateway.allowed-origins",
            Kinds.list(Kinds.text("an origin such as https://example.com", "[a-z][a-z0-9+.-]*://[^/,\\s]+")),
            "",
            "Web sites whose pages may connect; none given: all of them.");
    static final Setting<Optional<String>> AUTH_FUNCTION = new Setting<>(
            "gateway.auth-function",
            Kinds.or("", Kinds.text("the id of a function", "\\S{1,256}")),
            "",
            "Asked before a socket opens; the context it gives goes with every join and leave of that socket.");
    static final Setting<Boolean> AUTH_STRICT = new Setting<>(
            "gateway.auth-strict",
            Kinds.flag(),
            "false",
            "Whether a socket for which the auth function gives no context is refused with 401; else it opens without one.");
    static final Setting<Boolean> JOIN_FAIL_OPEN = new Setting<>(
            "gateway.join-fail-open",
            Kinds.flag(),
            "false",
            "Whether a subscription begins when the function of a stream:join trigger fails, is missing or takes too long; else it is refused.");
    static final Setting<Duration> JOIN_TIMEOUT = new Setting<>(
            "gateway.join-timeout",
            Kinds.span("10ms", "5m"),
            "5s",
            "How long the auth function and the functions of stream:join and stream:leave triggers may take.");
    static final Setting<Duration> JOIN_KEEP = new Setting<>(
            "gateway.join-keep",
            Kinds.span("0s", "30d"),
            "24h",
            "How long a stream:join trigger goes on refusing whose worker has gone and left its function to nobody; 0s: not at all.");
    static final Setting<Boolean> PRESENCE = new Setting<>(
            "gateway.presence",
            Kinds.flag(),
            "true",
            "Whether it is kept who is subscribed: for stream::subscribers, and so that the leaves of those who were there when a node died are told when it is back.");
    static final Setting<Duration> LEAVE_KEEP = new Setting<>(
            "gateway.leave-keep",
            Kinds.span("1s", "30d"),
            "24h",
            "How long such leaves wait for a stream:leave trigger that wants to be told; then they are forgotten.");

    private GatewaySettings() {}

    static NodeConfig.Gateway of(Values values) {
        return new NodeConfig.Gateway(
                values.get(HOST),
                values.get(PORT),
                values.get(PING_INTERVAL),
                values.get(IDLE_TIMEOUT),
                Math.toIntExact(values.get(SOCKET_QUEUE)),
                values.get(NODE_QUEUE),
                Math.toIntExact(values.get(MAX_MESSAGE)),
                values.get(MAX_SOCKETS),
                values.get(MAX_SUBSCRIPTIONS),
                values.get(MAX_SOCKETS_PER_ADDRESS),
                values.get(MAX_MESSAGES_PER_SECOND),
                values.get(COMPRESSION),
                Math.toIntExact(values.get(COMPRESSION_MIN_BYTES)),
                values.get(ALLOWED_ORIGINS),
                new NodeConfig.Gate(
                        values.get(AUTH_FUNCTION),
                        values.get(AUTH_STRICT),
                        values.get(JOIN_FAIL_OPEN),
                        values.get(JOIN_TIMEOUT),
                        values.get(JOIN_KEEP),
                        values.get(PRESENCE),
                        values.get(LEAVE_KEEP)));
    }
}
