package io.millrace.testkit;

import io.millrace.core.address.Space;
import io.millrace.engine.write.Owners;
import io.millrace.engine.write.PartitionWriter;
import io.millrace.engine.write.WriteEvents;
import io.millrace.engine.write.WriterConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Some nodes, the partitions they own in turn, and a nemesis that moves, crashes and puts to sleep. As {@link Owners} it
 * is what clients believe: mostly the node that was assigned last, sometimes one that was before.
 */
public final class SimulatedFleet implements Owners {
    private static final int NODES = 3;
    private static final int PARTITIONS = 2;
    private static final long TROUBLE_MICROS = 150_000;
    private static final long NAP_MICROS = 200_000;

    private final Simulation simulation;
    private final Faults faults;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<SimulatedPartition> partitions = new ArrayList<>();
    private final Map<SimulatedPartition, Integer> assigned = new LinkedHashMap<>();
    private final Map<SimulatedPartition, Integer> before = new LinkedHashMap<>();

    private final Lives lives;
    /** Whoever woke up as a zombie and will never learn of it. */
    private @Nullable SimulatedNode deaf;

    /** Gets told of the processes of a fleet. */
    interface Lives {
        /** One has been started, in the place of the one before. */
        void born(int place, SimulatedNode node);

        /** Whether zombies may stay, beside those who took over. */
        boolean zombiesStay();
    }

    /** A fleet whose every partition has an owner. */
    public SimulatedFleet(Simulation simulation, Faults faults, WriterConfig config, WriteEvents events) {
        this(simulation, faults, config, events, new Lives() {
            @Override
            public void born(int place, SimulatedNode node) {
                // Nobody is connected to it.
            }

            @Override
            public boolean zombiesStay() {
                return false;
            }
        });
    }

    SimulatedFleet(Simulation simulation, Faults faults, WriterConfig config, WriteEvents events, Lives lives) {
        this.simulation = simulation;
        this.faults = faults;
        this.lives = lives;
        for (int i = 0; i < NODES; i++) {
            nodes.add(new SimulatedNode(simulation, faults, config, events, PARTITIONS));
            lives.born(i, nodes.get(i));
        }
        for (Space space : Space.values()) {
            for (int i = 0; i < PARTITIONS; i++) {
                partitions.add(new SimulatedPartition(space, i, faults.fencing()));
            }
        }
        partitions.forEach(partition -> assign(partition, simulation.random().nextInt(NODES)));
        simulation.soon(TROUBLE_MICROS, this::makeTrouble);
    }

    private void assign(SimulatedPartition partition, int node) {
        Integer last = assigned.put(partition, node);
        before.put(partition, last == null ? node : last);
        nodes.get(node).assign(partition);
    }

    private void makeTrouble() {
        if (faults.healed()) {
            return;
        }
        int node = simulation.random().nextInt(NODES);
        if (nodes.get(node).isUsable()) {
            switch (simulation.random().nextInt(5)) {
                case 0 -> crash(node);
                case 1 -> putToSleep(node);
                case 2 -> cutOff(node);
                default -> move(partitions.get(simulation.random().nextInt(partitions.size())));
            }
        }
        simulation.soon(TROUBLE_MICROS, this::makeTrouble);
    }

    private void move(SimulatedPartition partition) {
        int from = assigned.getOrDefault(partition, 0);
        int to = another(from);
        nodes.get(from).revoke(partition);
        assign(partition, to);
    }

    private void crash(int node) {
        nodes.get(node).die();
        nodes.set(node, nodes.get(node).reborn());
        lives.born(node, nodes.get(node));
        mine(node).forEach(partition -> assign(partition, another(node)));
    }

    /** It stops in the middle of whatever it does, others take over, and it goes on as if nothing had happened. */
    private void putToSleep(int node) {
        SimulatedNode sleeper = nodes.get(node);
        sleeper.sleep();
        simulation.after(NAP_MICROS / 2, () -> {
            if (another(node) == node || mine(node).isEmpty()) {
                sleeper.wake();
                return;
            }
            sleeper.expel();
            List<SimulatedPartition> lost = mine(node);
            lost.forEach(partition -> assign(partition, another(node)));
            simulation.soon(NAP_MICROS, () -> {
                sleeper.wake();
                simulation.soon(NAP_MICROS, () -> learnOfLoss(node, sleeper, lost));
            });
        });
    }

    /** It does not hear from the group any more, but clients still reach it. */
    private void cutOff(int node) {
        if (another(node) == node || mine(node).isEmpty()) {
            return;
        }
        SimulatedNode cut = nodes.get(node);
        cut.cutOff();
        List<SimulatedPartition> lost = mine(node);
        lost.forEach(partition -> assign(partition, another(node)));
        simulation.soon(NAP_MICROS, () -> learnOfLoss(node, cut, lost));
    }

    private void learnOfLoss(int node, SimulatedNode sleeper, List<SimulatedPartition> lost) {
        if (lives.zombiesStay() && deaf == null && simulation.oneIn(2)) {
            deaf = sleeper;
            return;
        }
        List<SimulatedPartition> regained = mine(node);
        lost.stream().filter(partition -> !regained.contains(partition)).forEach(sleeper::revoke);
        sleeper.readmit();
    }

    private List<SimulatedPartition> mine(int node) {
        return partitions.stream()
                .filter(partition -> assigned.getOrDefault(partition, -1) == node)
                .toList();
    }

    /** A usable node other than this one, or this one when there is none. */
    private int another(int node) {
        int first = simulation.random().nextInt(NODES);
        for (int i = 0; i < NODES; i++) {
            int candidate = (first + i) % NODES;
            if (candidate != node && nodes.get(candidate).isUsable()) {
                return candidate;
            }
        }
        return node;
    }

    /** No more trouble: sleepers wake and leave what they have lost, nothing is lost on the way any more. */
    public void heal() {
        faults.heal();
        simulation.after(
                3 * NAP_MICROS,
                () -> partitions.forEach(partition -> {
                    int owner = assigned.getOrDefault(partition, 0);
                    for (int node = 0; node < NODES; node++) {
                        if (node != owner && nodes.get(node) != deaf) {
                            nodes.get(node).revoke(partition);
                        }
                    }
                }));
    }

    @Override
    public @Nullable PartitionWriter owner(Space space, int number) {
        SimulatedPartition partition = partition(space, number);
        boolean stale = !faults.healed() && simulation.oneIn(6);
        Integer node = (stale ? before : assigned).get(partition);
        return node == null ? null : nodes.get(node).writer(partition);
    }

    @Override
    public int partitions(Space space) {
        return PARTITIONS;
    }

    /** The log of a partition. */
    public SimulatedPartition partition(Space space, int number) {
        return partitions.stream()
                .filter(partition -> partition.space() == space && partition.number() == number)
                .findFirst()
                .orElseThrow();
    }

    /** All logs. */
    public List<SimulatedPartition> partitions() {
        return partitions;
    }

    /** Every copy that somebody follows, beside its log. */
    public void eachStore(StoreVisitor visitor) {
        for (SimulatedNode node : nodes) {
            node.stores().forEach((partition, store) -> visitor.visit(partition, store.nextOffset(), store.frames()));
        }
    }

    /** Gets to see the copies. */
    @FunctionalInterface
    public interface StoreVisitor {
        /** A copy that has applied everything before {@code nextOffset}. */
        void visit(
                SimulatedPartition partition,
                long nextOffset,
                java.util.NavigableMap<io.millrace.core.address.RecordKey, io.millrace.core.value.Json> frames);
    }
}
