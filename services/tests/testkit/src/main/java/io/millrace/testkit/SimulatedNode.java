package io.millrace.testkit;

import io.millrace.engine.write.PartitionWriter;
import io.millrace.engine.write.WriteEvents;
import io.millrace.engine.write.WriterConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A process: its writers and its copies. It can fall asleep, wake up as a zombie, or die. */
final class SimulatedNode {
    private static final long STEP_MICROS = 400;
    private static final long FOLLOW_MICROS = 5_000;

    private final Simulation simulation;
    private final Faults faults;
    private final WriterConfig config;
    private final WriteEvents events;
    private final Map<SimulatedPartition, Owned> owned = new LinkedHashMap<>();
    /** How far each copy had come when it was given up: what is on the disk. */
    private final Map<SimulatedPartition, Long> disk = new LinkedHashMap<>();

    private boolean alive = true;
    private boolean asleep;
    private boolean member = true;

    SimulatedNode(Simulation simulation, Faults faults, WriterConfig config, WriteEvents events) {
        this.simulation = simulation;
        this.faults = faults;
        this.config = config;
        this.events = events;
    }

    void assign(SimulatedPartition partition) {
        SimulatedStore store = new SimulatedStore(partition, faults.overlay(), disk.getOrDefault(partition, 0L));
        PartitionWriter writer = new PartitionWriter(
                partition.space(),
                partition.number(),
                new SimulatedLog(simulation, partition, faults),
                store,
                config,
                simulation.clock(),
                () -> member,
                events);
        Owned here = new Owned(writer, store);
        Owned replaced = owned.put(partition, here);
        if (replaced != null) {
            replaced.writer().close();
        }
        step(here);
        follow(here);
    }

    void revoke(SimulatedPartition partition) {
        Owned here = owned.remove(partition);
        if (here != null) {
            here.writer().close();
            // The copy closes at once, the writer gets there some steps later.
            here.store().close();
            disk.put(partition, here.store().nextOffset());
        }
    }

    private void step(Owned here) {
        if (!alive || here.writer().isClosed()) {
            return;
        }
        if (asleep) {
            simulation.after(STEP_MICROS, () -> step(here));
            return;
        }
        long restMicros = here.writer().advance();
        long next = restMicros == 0 ? 0 : Math.min(restMicros, 2_000);
        simulation.after(next + simulation.random().nextLong(STEP_MICROS), () -> step(here));
    }

    private void follow(Owned here) {
        if (!alive || !owned.containsValue(here)) {
            return;
        }
        if (!asleep) {
            here.store().follow(1 + simulation.random().nextInt(50));
        }
        simulation.soon(FOLLOW_MICROS, () -> follow(here));
    }

    void sleep() {
        asleep = true;
    }

    void wake() {
        asleep = false;
    }

    /** The group has given it up. It learns of that only when its lease is asked. */
    void expel() {
        member = false;
    }

    void readmit() {
        member = true;
    }

    /** Gone, with all it knew; a part of what it had materialised is on its disk. */
    void die() {
        alive = false;
        owned.forEach((partition, here) ->
                disk.put(partition, simulation.random().nextLong(here.store().nextOffset() + 1)));
    }

    /** The same machine, a new process. */
    SimulatedNode reborn() {
        SimulatedNode next = new SimulatedNode(simulation, faults, config, events);
        if (!simulation.oneIn(3)) {
            next.disk.putAll(disk);
        }
        return next;
    }

    boolean isUsable() {
        return alive && !asleep && member;
    }

    @Nullable
    PartitionWriter writer(SimulatedPartition partition) {
        Owned here = owned.get(partition);
        return here == null ? null : here.writer();
    }

    /** The copies it follows. */
    Map<SimulatedPartition, SimulatedStore> stores() {
        Map<SimulatedPartition, SimulatedStore> stores = new LinkedHashMap<>();
        owned.forEach((partition, here) -> stores.put(partition, here.store()));
        return stores;
    }

    private record Owned(PartitionWriter writer, SimulatedStore store) {}
}
