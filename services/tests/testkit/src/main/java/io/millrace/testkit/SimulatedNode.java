package io.millrace.testkit;

import io.millrace.core.address.Space;
import io.millrace.engine.port.Replicas;
import io.millrace.engine.write.Owners;
import io.millrace.engine.write.PartitionWriter;
import io.millrace.engine.write.WatchedEvents;
import io.millrace.engine.write.WriteEvents;
import io.millrace.engine.write.WriterConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A process: its writers and its copies. It can fall asleep, wake up as a zombie, or die. */
final class SimulatedNode implements Owners, Replicas {
    private static final long STEP_MICROS = 400;
    private static final long FOLLOW_MICROS = 5_000;

    /** How long after the group has answered last a node takes what it owns for its own. */
    static final long LEASE_MICROS = 80_000;

    private final Simulation simulation;
    private final Faults faults;
    private final WriterConfig config;
    private final WriteEvents events;
    private final Map<SimulatedPartition, Owned> owned = new LinkedHashMap<>();
    /** How far each copy had come when it was given up: what is on the disk. */
    private final Map<SimulatedPartition, Long> disk = new LinkedHashMap<>();

    private final int partitions;
    private final List<Owners.Watcher> watchers = new ArrayList<>();
    private boolean alive = true;
    private boolean asleep;
    private boolean member = true;
    private long leaseUntilMicros;

    SimulatedNode(Simulation simulation, Faults faults, WriterConfig config, WriteEvents events, int partitions) {
        this.partitions = partitions;
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
                () -> member || simulation.nowMicros() < leaseUntilMicros || faults.has(Faults.Planted.WITHOUT_LEASE),
                new WatchedEvents(events, this::changed));
        Owned here = new Owned(writer, store);
        Owned replaced = owned.put(partition, here);
        if (replaced != null) {
            replaced.writer().close();
            changed(partition.space(), partition.number());
        }
        step(here);
        follow(here);
    }

    void revoke(SimulatedPartition partition) {
        Owned here = owned.remove(partition);
        if (here != null) {
            changed(partition.space(), partition.number());
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
            here.store().follow(1 + simulation.random().nextInt(50), simulation.nowMicros() / 1_000);
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

    /** The group has given it up, but it has heard from it not long ago: so it believes for a while that it owns something. */
    void cutOff() {
        member = false;
        leaseUntilMicros =
                simulation.nowMicros() + LEASE_MICROS - simulation.random().nextLong(LEASE_MICROS / 4);
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
        SimulatedNode next = new SimulatedNode(simulation, faults, config, events, partitions);
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

    /** Tells of what is served here. */
    void watch(Owners.Watcher watcher) {
        watchers.add(watcher);
    }

    private void changed(Space space, int partition) {
        watchers.forEach(watcher -> watcher.changed(space, partition));
    }

    @Override
    public @Nullable PartitionWriter owner(Space space, int number) {
        Owned here = owned(space, number);
        return here == null ? null : here.writer();
    }

    private @Nullable Owned owned(Space space, int number) {
        for (Map.Entry<SimulatedPartition, Owned> each : owned.entrySet()) {
            if (each.getKey().space() == space && each.getKey().number() == number) {
                return each.getValue();
            }
        }
        return null;
    }

    @Override
    public int partitions(Space space) {
        return partitions;
    }

    @Override
    public @Nullable Replica replica(Space space, int number) {
        Owned here = owned(space, number);
        return here == null ? null : new Replica(here.store(), here.store().currentMs());
    }

    /** Does something as soon as it is awake; never if it dies before. */
    void run(Runnable task) {
        if (alive && !asleep) {
            task.run();
        } else if (alive) {
            simulation.after(STEP_MICROS, () -> run(task));
        }
    }

    boolean isAlive() {
        return alive;
    }

    boolean isAsleep() {
        return asleep;
    }

    /** The copies it follows. */
    Map<SimulatedPartition, SimulatedStore> stores() {
        Map<SimulatedPartition, SimulatedStore> stores = new LinkedHashMap<>();
        owned.forEach((partition, here) -> stores.put(partition, here.store()));
        return stores;
    }

    private record Owned(PartitionWriter writer, SimulatedStore store) {}
}
