package io.millrace.testkit;

import io.millrace.engine.read.OwnerReads;
import io.millrace.engine.write.Deadlines;
import io.millrace.engine.write.Retries;
import io.millrace.engine.write.WriteEvents;
import io.millrace.engine.write.WritePath;
import io.millrace.engine.write.WriterConfig;
import java.time.Duration;

/**
 * Writers, owners, crashes, lost requests and answers, sleepers that wake as zombies; clients that retry, readers that
 * compare. Everything is checked against the laws.
 */
public final class WriteSimulation {
    private static final long TROUBLED_MICROS = 3_000_000;
    private static final long QUIET_MICROS = 4_000_000;
    private static final long CHECK_MICROS = 400_000;
    private static final int CLIENTS = 6;
    private static final int MUTATIONS_EACH = 120;

    private final Simulation simulation;
    private final Faults faults;
    private final SimulatedFleet fleet;
    private final History history = new History();
    private final SimulatedReader reader;
    private final Laws laws;

    /** A world with these faults. The same seed is the same run. */
    public WriteSimulation(long seed, Faults faults, WriteEvents events) {
        this.simulation = new Simulation(seed);
        this.faults = faults;
        this.fleet = new SimulatedFleet(simulation, faults, config(seed, faults), events);
        this.laws = new Laws(fleet, history);
        Retries retries =
                new Retries(new Deadlines(simulation.clock(), simulation.scheduler()), simulation.scheduler());
        WritePath writes = new WritePath(fleet, retries);
        this.reader = new SimulatedReader(
                simulation, fleet, new OwnerReads(fleet, retries, task -> simulation.soon(1_000, task)), history);
        for (int i = 0; i < CLIENTS; i++) {
            new SimulatedClient("client" + i, simulation, writes, history, MUTATIONS_EACH).start();
        }
        reader.start();
        checkStores();
    }

    static WriterConfig config(long seed, Faults faults) {
        // Nothing, or more or fewer of the few addresses there are.
        long keptBytes = faults.overlay() ? seed % 3 * 1_500 : 0;
        WriterConfig ordinary = WriterConfig.defaults();
        return new WriterConfig(
                ordinary.maxValueBytes(),
                5,
                4_096,
                100,
                ordinary.queueMaxBytes(),
                keptBytes,
                faults.dedupe() ? Duration.ofMinutes(5) : Duration.ZERO,
                faults.dedupe() ? ordinary.dedupeMaxEntries() : 0,
                ordinary.dedupeMaxBytes(),
                Duration.ofMillis(20),
                faults.has(Faults.Planted.WITHOUT_WAITING)
                        ? Duration.ZERO
                        : Duration.ofNanos(SimulatedNode.LEASE_MICROS * 1_000),
                Duration.ofMillis(5));
    }

    private void checkStores() {
        laws.checkStores();
        simulation.soon(CHECK_MICROS, this::checkStores);
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
        return new Summary(
                history.told().size(),
                reader.answered(),
                fleet.partitions().stream()
                        .mapToLong(SimulatedPartition::lastStableOffset)
                        .sum(),
                faults.healed());
    }

    /** How much happened. */
    public record Summary(int mutationsAnswered, int readsAnswered, long offsets, boolean healed) {}
}
