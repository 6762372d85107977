package io.millrace.testkit;

import io.millrace.engine.peer.Peers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The links between nodes. They break, which either end notices in its own time, and come back. */
final class SimulatedNet {
    private static final long CONNECT_MICROS = 20_000;
    private static final long TROUBLE_MICROS = 200_000;

    private final Simulation simulation;
    private final Faults faults;
    private final Map<Integer, Host> hosts = new LinkedHashMap<>();
    private final List<SimulatedLink> links = new ArrayList<>();
    private int lives;

    SimulatedNet(Simulation simulation, Faults faults) {
        this.simulation = simulation;
        this.faults = faults;
        simulation.soon(TROUBLE_MICROS, this::makeTrouble);
    }

    /** A process and who it knows. */
    record Host(String name, long startMs, SimulatedNode node, Peers peers) {}

    /** A process has been started in the place of the one before, whose links end. */
    Host add(int place, SimulatedNode node, Peers peers) {
        lives++;
        Host host = new Host("node" + place, lives, node, peers);
        Host before = hosts.put(place, host);
        if (before != null) {
            links.stream().filter(link -> link.joins(before)).forEach(SimulatedLink::cut);
        }
        hosts.values().stream()
                .filter(other -> !other.equals(host))
                .forEach(other -> simulation.soon(CONNECT_MICROS, () -> connect(host, other)));
        return host;
    }

    private void connect(Host one, Host other) {
        if (!hosts.containsValue(one) || !hosts.containsValue(other)) {
            return;
        }
        if (links.stream().anyMatch(link -> link.isOpenAt(one, other) || link.isOpenAt(other, one))) {
            // Who has not noticed the end of the connection before gets no other one.
            simulation.soon(CONNECT_MICROS, () -> connect(one, other));
            return;
        }
        links.removeIf(SimulatedLink::isOver);
        SimulatedLink link = new SimulatedLink(simulation, faults, one, other);
        link.whenOver(() -> simulation.soon(CONNECT_MICROS, () -> connect(one, other)));
        links.add(link);
        link.open();
    }

    private void makeTrouble() {
        if (faults.healed()) {
            return;
        }
        if (!links.isEmpty()) {
            links.get(simulation.random().nextInt(links.size())).cut();
        }
        simulation.soon(TROUBLE_MICROS, this::makeTrouble);
    }
}
