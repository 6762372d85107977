package io.millrace.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of a node among others. */
final class FleetSettings {
    static final Setting<List<Role>> ROLES = new Setting<>(
            "node.roles",
            Kinds.list(Kinds.choice(Role.class)),
            "store, edge",
            "What this node does: store owns partitions, edge serves workers, HTTP requests and stream clients.");
    static final Setting<Duration> DRAIN = new Setting<>(
            "node.drain",
            Kinds.span("0s", "10m"),
            "0s",
            "How long a node that is told to stop goes on serving, though it says that it is not ready, so that load balancers send it nobody new.");
    static final Setting<Optional<String>> HOST = new Setting<>(
            "peers.host",
            Kinds.or("auto", Kinds.host()),
            "auto",
            "Where other nodes connect; auto: 0.0.0.0, every network of this machine, if there is a peers.secret or a peers.keystore, else 127.0.0.1.");
    static final Setting<Integer> PORT =
            new Setting<>("peers.port", Kinds.port(), "49135", "The port that other nodes connect to.");
    static final Setting<Optional<String>> ADVERTISED = new Setting<>(
            "peers.advertised",
            Kinds.or("", Kinds.text("host:port", "[A-Za-z0-9._-]{1,253}:[0-9]{1,5}|\\[[0-9A-Fa-f:.]+]:[0-9]{1,5}")),
            "",
            "What other nodes are told to connect to; left out, the host that is listened on, or this machine's address if that is every network.");
    static final Setting<Optional<String>> SECRET = new Setting<>(
            "peers.secret",
            Kinds.or("", Kinds.text("at least 16 characters", ".{16,1024}")),
            "",
            "What all nodes of the fleet know and nobody else: they prove it to each other and never send it. Needed where peers.host can be reached from elsewhere.");
    static final Setting<Optional<Path>> KEYSTORE = new Setting<>(
            "peers.keystore",
            Kinds.or("", Kinds.file()),
            "",
            "A PKCS#12 file with this node's certificate and key, and the certificates of those it trusts: connections between nodes are then encrypted, and both sides authenticated.");
    static final Setting<Optional<String>> KEYSTORE_PASSWORD = new Setting<>(
            "peers.keystore-password",
            Kinds.or("", Kinds.text("at most 1024 characters", ".{1,1024}")),
            "",
            "The password of that file.");
    static final Setting<Duration> HEARTBEAT = new Setting<>(
            "peers.heartbeat",
            Kinds.span("100ms", "1m"),
            "1s",
            "How often this node says in the cluster topic that it lives, and pings the nodes it is connected to.");
    static final Setting<Duration> SILENCE = new Setting<>(
            "peers.silence",
            Kinds.span("300ms", "5m"),
            "3s",
            "After how long without a sign of life, neither in the cluster topic nor on a connection, another node is taken for dead and its partitions are given to others.");
    static final Setting<Long> QUEUE = new Setting<>(
            "peers.socket-queue",
            Kinds.size("1MiB", "4GiB"),
            "64MiB",
            "The most bytes that wait for one other node; further calls are refused as retriable.");

    private FleetSettings() {}

    static FleetConfig of(Values values) {
        return new FleetConfig(
                values.get(ROLES),
                values.get(HOST)
                        .orElse(
                                values.get(SECRET).isPresent()
                                                || values.get(KEYSTORE).isPresent()
                                        ? "0.0.0.0"
                                        : "127.0.0.1"),
                values.get(PORT),
                values.get(ADVERTISED),
                values.get(SECRET),
                values.get(KEYSTORE),
                values.get(KEYSTORE_PASSWORD),
                values.get(HEARTBEAT),
                values.get(SILENCE),
                values.get(QUEUE),
                values.get(DRAIN));
    }
}
