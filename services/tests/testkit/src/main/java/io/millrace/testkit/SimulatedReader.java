package io.millrace.testkit;

import io.millrace.core.address.Address;
import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Scope;
import io.millrace.core.address.Space;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Current;
import io.millrace.core.change.Frames;
import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.engine.port.StoreClosedException;
import io.millrace.engine.read.Cut;
import io.millrace.engine.read.Reads;
import io.millrace.engine.read.Sighting;
import io.millrace.engine.write.UnavailableException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Reads values and takes cuts, and holds them against the log and against what was acknowledged before. */
final class SimulatedReader {
    private static final long PAUSE_MICROS = 15_000;
    private static final long PATIENCE_MICROS = 500_000;

    private final Simulation simulation;
    private final SimulatedFleet fleet;
    private final Reads reads;
    private final History history;
    private int answered;
    private int copies;
    private boolean stopped;
    private boolean walking;

    SimulatedReader(Simulation simulation, SimulatedFleet fleet, Reads reads, History history) {
        this.simulation = simulation;
        this.fleet = fleet;
        this.reads = reads;
        this.history = history;
    }

    void start() {
        simulation.soon(PAUSE_MICROS, () -> {
            if (stopped) {
                return;
            }
            if (simulation.oneIn(2)) {
                read();
            } else {
                cut(false);
            }
            start();
        });
    }

    /** Takes copies, too, where no owner answers, and lists units. */
    void startTakingCopies() {
        simulation.soon(2 * PAUSE_MICROS, () -> {
            if (stopped) {
                return;
            }
            if (simulation.oneIn(4)) {
                units();
            } else {
                cut(true);
            }
            startTakingCopies();
        });
    }

    void stop() {
        stopped = true;
    }

    /** How often a copy answered. */
    int copies() {
        return copies;
    }

    int answered() {
        return answered;
    }

    private Instant deadline() {
        return Instant.EPOCH.plusNanos((simulation.nowMicros() + PATIENCE_MICROS) * 1_000);
    }

    private void read() {
        int number = simulation.random().nextInt(3);
        Address address = simulation.oneIn(2)
                ? new StateAddress("counter" + number % 2, "k" + number)
                : new StreamAddress("live", "counter" + number % 2, "i" + number);
        Version known = history.acknowledged(address);
        reads.get(address, deadline()).whenComplete((current, failure) -> {
            if (failure != null) {
                return;
            }
            answered++;
            Law.L1.check(
                    current.version().compareTo(known) >= 0,
                    () -> "read of " + address + ": version " + current.version() + " (expected: " + known
                            + " or later, which was acknowledged before)");
        });
    }

    private void cut(boolean staleOk) {
        int number = simulation.random().nextInt(2);
        String kind = simulation.oneIn(2) ? "counter" : "item";
        Unit unit = simulation.oneIn(2) ? new Scope(kind + number) : new Group("live", kind + number);
        RecordKey from = unit.prefix().first();
        CompletionStage<Sighting> sighting = staleOk
                ? reads.cutOrCopy(unit, from, unit.prefix().after(), deadline())
                : reads.cut(unit, deadline()).thenApply(Sighting::ofOwner);
        sighting.whenComplete((seen, failure) -> {
            if (failure != null) {
                return;
            }
            copies += seen.stale() ? 1 : 0;
            // Later, when the store has gone on.
            simulation.soon(PAUSE_MICROS, () -> compare(unit, seen.cut()));
        });
    }

    /** What some client was told of before, or may have been, is listed. */
    private void units() {
        Space space = simulation.oneIn(2) ? Space.STATE : Space.STREAM;
        Set<Unit> known = history.counters(space);
        reads.units(space, deadline()).whenComplete((units, failure) -> {
            if (failure == null) {
                answered++;
                Law.L1.check(
                        units.containsAll(known),
                        () -> "units: " + units + " (expected: all of " + known + " at least)");
            }
        });
    }

    private void compare(Unit unit, Cut cut) {
        if (walking) {
            // Only one can wait for another node at a time: there is one thread.
            cut.close();
            return;
        }
        TreeMap<RecordKey, Json> values = new TreeMap<>();
        walking = true;
        try (cut) {
            cut.forEachRemaining(entry -> values.put(entry.key(), entry.value()));
        } catch (StoreClosedException | UnavailableException e) {
            return;
        } finally {
            walking = false;
        }
        answered++;
        SimulatedPartition partition =
                fleet.partition(unit.space(), cut.position().partition());
        TreeMap<RecordKey, Json> expected = new TreeMap<>();
        for (Map.Entry<RecordKey, Json> entry :
                partition.fold(cut.position().offset()).entrySet()) {
            Current current = Frames.current(unit.space(), entry.getValue().utf8());
            if (unit.prefix().covers(entry.getKey()) && current instanceof Current.Present present) {
                expected.put(entry.getKey(), present.value());
            }
        }
        Law.L6.check(
                expected.equals(values),
                () -> "cut of " + unit + " at " + cut.position() + ": " + values + " (expected: " + expected + ")");
    }
}
