package io.millrace.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * What is to be done to a fleet, drawn from a seed: the same seed is the same plan. Each kind of fault comes once before any
 * comes again.
 */
public record FaultPlan(long seed, List<Step> steps) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    /** More than every time-out of a node and of a broker. */
    private static final Duration LONGEST = Duration.ofSeconds(12);
    /** Long enough that all who wait for an answer have given up. */
    private static final Duration VERY_LONG = Duration.ofSeconds(60);

    private static final Duration LONGEST_CALM = Duration.ofSeconds(4);
    private static final int VERY_LONG_ONE_IN = 12;

    private static final List<IntFunction<Fault>> NODE_FAULTS = List.of(
            Fault.KillNode::new,
            Fault.StallNode::new,
            Fault.RestartNode::new,
            Fault.CutFromKafka::new,
            Fault.CutFromPeers::new,
            Fault.CutFromAll::new,
            Fault.Mute::new);
    private static final List<IntFunction<Fault>> BROKER_FAULTS =
            List.of(Fault.KillBroker::new, Fault.StallBroker::new, Fault.RestartBroker::new);

    /** Copies the steps. */
    public FaultPlan {
        steps = List.copyOf(steps);
    }

    /**
     * One fault.
     *
     * @param hold how long it lasts
     * @param calm how long nothing happens afterwards
     */
    public record Step(Fault fault, Duration hold, Duration calm) {}

    /**
     * Draws a plan.
     *
     * @param length about how long all faults and calms take together; mending takes longer
     * @param network whether ways can be cut
     */
    public static FaultPlan drawn(long seed, int nodes, int brokers, Duration length, boolean network) {
        Random random = new Random(seed);
        boolean veryLong = length.compareTo(VERY_LONG.multipliedBy(3)) > 0;
        List<Step> steps = new ArrayList<>();
        Duration planned = Duration.ZERO;
        List<Fault> round = List.of();
        while (planned.compareTo(length) < 0) {
            if (round.isEmpty()) {
                round = round(random, nodes, brokers, network);
            }
            Fault fault = round.getFirst();
            round = round.subList(1, round.size());
            boolean stays = veryLong && random.nextInt(VERY_LONG_ONE_IN) == 0;
            Duration hold = stays ? VERY_LONG : between(random, SHORTEST, LONGEST);
            Duration calm = between(random, SHORTEST, LONGEST_CALM);
            steps.add(new Step(fault, hold, calm));
            planned = planned.plus(hold).plus(calm);
        }
        return new FaultPlan(seed, steps);
    }

    private static List<Fault> round(Random random, int nodes, int brokers, boolean network) {
        List<Fault> faults = new ArrayList<>();
        NODE_FAULTS.forEach(fault -> faults.add(fault.apply(random.nextInt(nodes))));
        BROKER_FAULTS.forEach(fault -> faults.add(fault.apply(random.nextInt(brokers))));
        faults.removeIf(fault -> fault.ofNetwork() && !network);
        Collections.shuffle(faults, random);
        return faults;
    }

    private static Duration between(Random random, Duration from, Duration to) {
        return from.plusMillis(random.nextLong(to.minus(from).toMillis()));
    }
}
