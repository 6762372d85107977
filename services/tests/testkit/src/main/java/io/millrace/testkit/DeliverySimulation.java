package io.millrace.testkit;

import io.millrace.core.address.RecordKey;
import io.millrace.core.value.Json;
import io.millrace.engine.deliver.Plan;
import io.millrace.engine.deliver.RetryPolicy;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.Received;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A consumer group whose members crash and whose partitions move while a function fails, is silent or away. Everything is
 * checked against the law of delivery.
 */
public final class DeliverySimulation {
    private static final long TROUBLED_MICROS = 3_000_000;
    private static final long QUIET_MICROS = 20_000_000;
    private static final int PARTITIONS = 3;
    private static final int HOSTS = 3;
    private static final int KEYS = 5;
    private static final int RECORDS = 300;
    private static final int ATTEMPTS = 3;

    private final Simulation simulation;
    private final SimulatedGroup group;
    private final SimulatedFunction function;
    private final List<SimulatedHost> hosts = new ArrayList<>();
    private final List<Received> written = new ArrayList<>();
    private final Plan plan = new Plan(
            new DeadLetter.Subject("state", "s"),
            "g",
            Set.of("events"),
            new RetryPolicy(ATTEMPTS, Duration.ofMillis(4), Duration.ofMillis(30)),
            Duration.ofMillis(50),
            new Plan.Bounds(4, 20, 1 << 20));
    private boolean healed;
    private int crashes;

    /** A world with that fault. The same seed is the same run. */
    public DeliverySimulation(long seed, DeliveryFault fault) {
        simulation = new Simulation(seed);
        group = new SimulatedGroup(simulation, fault, PARTITIONS);
        function = new SimulatedFunction(simulation, fault, ATTEMPTS);
        for (int i = 0; i < HOSTS; i++) {
            hosts.add(host());
        }
        for (int i = 0; i < RECORDS; i++) {
            simulation.soon(TROUBLED_MICROS, this::write);
        }
        simulation.soon(200_000, this::trouble);
        simulation.always(() -> Law.L8.check(
                hosts.stream()
                        .allMatch(
                                host -> host.delivery().calls() <= plan.bounds().calls() * PARTITIONS),
                () -> "more calls under way than allowed"));
    }

    private SimulatedHost host() {
        return new SimulatedHost(simulation, group, function, plan);
    }

    private void write() {
        int partition = simulation.random().nextInt(PARTITIONS);
        String key = partition + "-" + simulation.random().nextInt(KEYS);
        boolean tombstone = simulation.oneIn(20);
        Received record = new Received(
                group.at(partition),
                group.size(partition),
                Instant.EPOCH,
                RecordKey.ofBytes(key.getBytes(StandardCharsets.UTF_8)),
                tombstone ? null : Json.ofText("" + written.size()),
                Received.Headers.NONE);
        group.append(record);
        if (!tombstone) {
            written.add(record);
            function.written(record);
        }
    }

    private void trouble() {
        if (healed) {
            return;
        }
        int index = simulation.random().nextInt(hosts.size());
        SimulatedHost host = hosts.get(index);
        switch (simulation.random().nextInt(4)) {
            case 0 -> {
                host.crash();
                crashes++;
                simulation.soon(300_000, () -> hosts.set(index, host()));
            }
            case 1 -> {
                host.leave();
                simulation.soon(100_000, () -> hosts.set(index, host()));
            }
            case 2 -> group.rebalance();
            default -> {
                function.away(true);
                simulation.soon(150_000, () -> function.away(false));
            }
        }
        simulation.soon(250_000, this::trouble);
    }

    /**
     * Runs through trouble and recovery.
     *
     * @throws Law.BrokenLawException if the law is broken
     */
    public Summary run() {
        simulation.run(TROUBLED_MICROS);
        healed = true;
        group.heal();
        function.heal();
        simulation.run(QUIET_MICROS);
        written.forEach(function::check);
        Law.L8.check(group.isThrough(), () -> "the group has not got to the end");
        Law.L8.check(
                hosts.stream()
                        .allMatch(host -> host.delivery().lag() == 0
                                && host.delivery().calls() == 0
                                && host.delivery().retries() == 0),
                () -> "somebody still has something to do");
        return new Summary(written.size(), function.letters(), function.repeated(), crashes);
    }

    /**
     * What happened.
     *
     * @param repeated calls for a record that had been delivered before
     */
    public record Summary(int records, int letters, int repeated, int crashes) {}
}
