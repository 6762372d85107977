package io.millrace.testkit;

import io.millrace.core.address.Address;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Current;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.read.Cut;
import io.millrace.engine.read.Reads;
import io.millrace.engine.read.Sighting;
import io.millrace.engine.route.RouteEvents;
import io.millrace.engine.write.Mutations;
import io.millrace.engine.write.WriteEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The world of the writers, where every node is also an edge: clients are connected to any of them, and what they ask
 * reaches the owners over links that break. Zombies may stay to the end. Everything is checked against the laws.
 */
public final class RoutedSimulation {
    private static final long TROUBLED_MICROS = 3_000_000;
    private static final long QUIET_MICROS = 4_000_000;
    private static final long SNAPSHOT_MICROS = 1_000_000;
    private static final int CLIENTS = 6;
    private static final int MUTATIONS_EACH = 100;

    private final Simulation simulation;
    private final Faults faults;
    private final RouteEvents routes;
    private final SimulatedNet net;
    private final List<SimulatedEdge> edges = new ArrayList<>();
    private final SimulatedFleet fleet;
    private final History history = new History();
    private final SimulatedReader reader;
    private final Laws laws;

    /** A world with these faults. The same seed is the same run. */
    public RoutedSimulation(long seed, Faults faults, WriteEvents writes, RouteEvents routes) {
        this.simulation = new Simulation(seed);
        this.faults = faults;
        this.routes = routes;
        this.net = new SimulatedNet(simulation, faults);
        this.fleet = new SimulatedFleet(simulation, faults, WriteSimulation.config(seed, faults), writes, new Edges());
        this.laws = new Laws(fleet, history);
        this.reader = new SimulatedReader(simulation, fleet, new AnyReads(), history);
        for (int i = 0; i < CLIENTS; i++) {
            new SimulatedClient("client" + i, simulation, anyWrites(), history, MUTATIONS_EACH).start();
        }
        reader.start();
        reader.startTakingCopies();
    }

    private SimulatedEdge anyEdge() {
        return edges.get(simulation.random().nextInt(edges.size()));
    }

    private Mutations anyWrites() {
        return (mutation, deadline) -> anyEdge().submit(mutation, deadline);
    }

    /**
     * Runs through trouble and recovery.
     *
     * @throws Law.BrokenLawException if a law is broken
     */
    public Summary run() {
        simulation.run(TROUBLED_MICROS);
        fleet.heal();
        simulation.run(QUIET_MICROS);
        Law.L1.check(history.unanswered() == 0, () -> history.unanswered() + " mutations were never answered");
        laws.checkStores();
        laws.checkLogs();
        Law.L4.check(
                laws.countedIncrements() == laws.acknowledgedIncrements(),
                () -> "increments counted: " + laws.countedIncrements() + " (expected: " + laws.acknowledgedIncrements()
                        + ")");
        reader.stop();
        simulation.run(SNAPSHOT_MICROS);
        int open = edges.stream().mapToInt(edge -> edge.routing().openCuts()).sum();
        return new Summary(history.told().size(), reader.answered(), reader.copies(), open);
    }

    /**
     * How much happened.
     *
     * @param openCuts how many snapshots are held for nobody in the end
     */
    public record Summary(int mutationsAnswered, int readsAnswered, int copiesRead, int openCuts) {}

    /** Makes every process an edge. */
    private final class Edges implements SimulatedFleet.Lives {
        @Override
        public void born(int place, SimulatedNode node) {
            Peers peers = new Peers();
            SimulatedEdge edge = new SimulatedEdge(simulation, faults, node, peers, routes);
            if (place == edges.size()) {
                edges.add(edge);
            } else {
                edges.set(place, edge).die();
            }
            net.add(place, node, peers);
        }

        @Override
        public boolean zombiesStay() {
            return true;
        }
    }

    /** Reads at any edge. */
    private final class AnyReads implements Reads {
        @Override
        public CompletionStage<Current> get(Address address, Instant deadline) {
            return anyEdge().read(reads -> reads.get(address, deadline));
        }

        @Override
        public CompletionStage<Cut> cut(Unit unit, RecordKey from, @Nullable RecordKey to, Instant deadline) {
            return anyEdge().read(reads -> reads.cut(unit, from, to, deadline));
        }

        @Override
        public CompletionStage<Sighting> cutOrCopy(
                Unit unit, RecordKey from, @Nullable RecordKey to, Instant deadline) {
            return anyEdge().read(reads -> reads.cutOrCopy(unit, from, to, deadline));
        }

        @Override
        public CompletionStage<List<Unit>> units(Space space, Instant deadline) {
            return anyEdge().read(reads -> reads.units(space, deadline));
        }
    }
}
