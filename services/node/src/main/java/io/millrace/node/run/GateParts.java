package io.millrace.node.run;

import io.millrace.engine.fleet.Member;
import io.millrace.engine.fleet.Roster;
import io.millrace.engine.gate.Gate;
import io.millrace.engine.gate.GateConfig;
import io.millrace.engine.gate.Gatekeeper;
import io.millrace.engine.presence.Means;
import io.millrace.engine.presence.Others;
import io.millrace.engine.presence.Presence;
import io.millrace.engine.presence.PresenceConfig;
import io.millrace.kafka.KafkaBackend;
import io.millrace.node.config.NodeConfig;
import io.millrace.node.observe.Meters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may connect to the stream port, and subscribe to what; and who has. */
final class GateParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GateParts.class);
    private static final Duration LEAVING = Duration.ofSeconds(5);

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Gatekeeper gatekeeper;
    private final @Nullable Presence presence;

    private GateParts(
            NodeConfig config, FleetParts fleet, KafkaBackend kafka, Spine spine, Programs programs, Meters meters) {
        NodeConfig.Gate gate = config.gateway().gate();
        this.gatekeeper = new Gatekeeper(
                new GateConfig(
                        gate.authFunction().orElse(null),
                        gate.authStrict(),
                        gate.joinFailOpen(),
                        gate.joinTimeout(),
                        gate.joinKeep()),
                spine.functions(),
                InstantSource.system(),
                spine.scheduler(),
                meters.gate());
        gatekeeper.types().forEach(programs.triggers()::provide);
        this.presence = gate.presence() ? presence(config, fleet, kafka, spine, meters) : null;
    }

    private Presence presence(NodeConfig config, FleetParts fleet, KafkaBackend kafka, Spine spine, Meters meters) {
        InstantSource clock = InstantSource.system();
        Presence made = new Presence(
                new PresenceConfig(
                        fleet.nodeId(),
                        fleet.startMs(),
                        config.gateway().gate().leaveKeep(),
                        config.limits().listBytes()),
                new Means(kafka.presence(), gatekeeper, clock, spine.scheduler(), executor, meters.presence()),
                fleet.peers(),
                new OtherEdges(fleet));
        meters.presence().watch(made::entries, made::pending);
        spine.functions().add(List.of(made.function()));
        return made;
    }

    /** A gate over the functions there are, guarded by the triggers there will be. */
    static GateParts open(
            NodeConfig config, FleetParts fleet, KafkaBackend kafka, Spine spine, Programs programs, Meters meters) {
        return new GateParts(config, fleet, kafka, spine, programs, meters);
    }

    /** The gate, for those who open sockets. */
    Gate gate() {
        return presence == null ? gatekeeper : presence.gate();
    }

    /** Tells leaves from before this node was started, and those of nodes that die. The roster has not begun yet. */
    void start(Roster roster) {
        Presence told = presence;
        if (told == null) {
            return;
        }
        roster.watch(new Roster.Watcher() {
            @Override
            public void known() {
                told.start();
            }

            @Override
            public void inCharge() {
                told.lookForGone();
            }

            @Override
            public void died(Member member) {
                told.nodeDied(member.node(), member.startMs());
            }

            @Override
            public void back(Member member) {
                told.nodeIsThere(member.node(), member.startMs());
            }
        });
    }

    /** The other nodes that have subscribers. */
    private record OtherEdges(FleetParts fleet) implements Others {
        @Override
        public Collection<String> nodes() {
            return fleet.roster().members().stream()
                    .filter(member -> member.edge() && !member.node().equals(fleet.nodeId()))
                    .map(Member::node)
                    .toList();
        }

        @Override
        public boolean isThere(String node, long startMs) {
            return fleet.roster().isThere(node, startMs);
        }
    }

    /** The sockets are about to be closed. */
    void stopping() {
        if (presence != null) {
            presence.stopping();
        }
    }

    /** Waits until workers have been told who has left. Their port and Kafka must still be there. */
    @Override
    public void close() {
        try {
            var settled = presence == null ? gatekeeper.quiet() : presence.settled();
            settled.toCompletableFuture().get(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.atWarn().setCause(e).log("not everybody told who has left");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            executor.shutdownNow();
        }
    }
}
