package io.millrace.node.run;

import io.millrace.engine.fleet.Dialer;
import io.millrace.engine.fleet.Member;
import io.millrace.engine.fleet.Roster;
import io.millrace.engine.fleet.RosterConfig;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.port.Scheduler;
import io.millrace.kafka.KafkaBackend;
import io.millrace.node.config.FleetConfig;
import io.millrace.node.config.NodeConfig;
import io.millrace.node.observe.Meters;
import io.millrace.web.listen.Bind;
import io.millrace.web.peer.PeerCertificates;
import io.millrace.web.peer.PeerLinks;
import io.millrace.web.peer.PeerLinksConfig;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** This node among the others: who they are, and the links to them. */
final class FleetParts implements AutoCloseable {
    private static final Duration FORGET = Duration.ofHours(1);
    /** A value comes wrapped, perhaps with the one before it. */
    private static final int WRAPPING_BYTES = 1 << 20;

    private final NodeConfig config;
    private final String nodeId;
    private final long startMs = InstantSource.system().millis();
    private final KafkaBackend kafka;
    private final Meters meters;
    private final Peers peers = new Peers();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable PeerLinks links;
    private @Nullable Roster roster;

    /** Alone for now. */
    FleetParts(NodeConfig config, String nodeId, KafkaBackend kafka, Meters meters) {
        this.config = config;
        this.nodeId = nodeId;
        this.kafka = kafka;
        this.meters = meters;
    }

    Peers peers() {
        return peers;
    }

    /** For what may block, a virtual thread each; there as long as the links are. */
    Executor executor() {
        return executor;
    }

    String nodeId() {
        return nodeId;
    }

    long startMs() {
        return startMs;
    }

    /** Opens the port for peers, who are served everything that has been added to {@link #peers} by now. */
    void open(Scheduler scheduler) {
        FleetConfig fleet = config.fleet();
        PeerLinks opened = links(new PeerLinksConfig(
                nodeId,
                startMs,
                kafka.clusterId(),
                new Bind(fleet.host(), fleet.port(), "peers.port"),
                Math.min(2, Runtime.getRuntime().availableProcessors()),
                fleet.secret(),
                fleet.keystore()
                        .map(file -> new PeerCertificates(
                                file, fleet.keystorePassword().orElse(""))),
                fleet.heartbeat(),
                fleet.silence(),
                fleet.queueBytes(),
                messageBytes()));
        links = opened;
        Member self =
                new Member(nodeId, startMs, address(fleet, opened.port()), fleet.isStore(), fleet.isEdge(), false);
        Dialer dialer = new Dialer() {
            @Override
            public void connect(String node, String address) {
                opened.connect(node, address);
            }

            @Override
            public void disconnect(String node) {
                opened.disconnect(node);
            }
        };
        Roster made = new Roster(
                self,
                new Roster.Means(
                        kafka.cluster(),
                        peers,
                        kafka.evictions(),
                        dialer,
                        scheduler,
                        InstantSource.system(),
                        System::nanoTime),
                new RosterConfig(fleet.heartbeat(), fleet.silence(), FORGET),
                meters.fleet());
        roster = made;
        meters.fleet().watch(() -> made.members().size());
        meters.peers().watch(opened);
    }

    private PeerLinks links(PeerLinksConfig wanted) {
        try {
            return PeerLinks.open(wanted, peers, meters.peers());
        } catch (IllegalArgumentException e) {
            throw new StartException("peers.keystore: " + e.getMessage());
        }
    }

    /** The largest of what is passed on: a call of a worker's, a value before and after, a part of a list. */
    private int messageBytes() {
        long most = Math.max(
                config.workers().maxMessageBytes(), 2L * config.limits().valueBytes());
        return Math.toIntExact(Math.min(Math.max(most, config.limits().bodyBytes()) + WRAPPING_BYTES, 1 << 30));
    }

    /** Joins the others. */
    void start() {
        roster().start();
    }

    /** Who else there is; only once this is {@link #open}. */
    Roster roster() {
        Roster made = roster;
        if (made == null) {
            throw new IllegalStateException("fleet: not open (expected: open)");
        }
        return made;
    }

    /** Says that this node is about to stop. */
    void drain() {
        if (roster != null) {
            roster.drain();
        }
    }

    /** What others are told to connect to. */
    private static String address(FleetConfig fleet, int port) {
        return fleet.advertised().orElseGet(() -> {
            String host = fleet.host();
            boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
            String reached = everywhere ? thisMachine() : host;
            return (reached.contains(":") && !reached.startsWith("[") ? "[" + reached + "]" : reached) + ":" + port;
        });
    }

    private static String thisMachine() {
        try {
            return InetAddress.getLocalHost().getHostAddress();
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves the others, and ends the links to them. */
    @Override
    public void close() {
        if (roster != null) {
            roster.close();
        }
        if (links != null) {
            links.close();
        }
        executor.shutdownNow();
    }
}
