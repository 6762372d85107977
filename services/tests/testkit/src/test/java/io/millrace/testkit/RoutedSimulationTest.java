package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.route.Kind;
import io.millrace.engine.route.RouteEvents;
import io.millrace.engine.write.WriteEvents;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RoutedSimulationTest {
    private static final int FAULT_SEEDS = 20;

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theLawsHoldForClientsOfAnyNodeWhileLinksBreakAndZombiesStay(long seed) {
        RoutedSimulation.Summary summary = run(seed, Faults.ordinary(), new RouteEvents() {});

        assertThat(summary.mutationsAnswered()).isPositive();
        assertThat(summary.readsAnswered()).isPositive();
        assertThat(summary.openCuts()).as("snapshots held for nobody").isZero();
    }

    @Test
    void everyKindOfQuestionIsAnsweredRefusedAndLostInTwentySeeds() {
        Counted counted = new Counted();
        int copies = 0;
        for (long seed = 0; seed < FAULT_SEEDS; seed++) {
            copies += run(seed, Faults.ordinary(), counted).copiesRead();
        }

        assertThat(counted.met).containsOnlyKeys(Kind.values());
        assertThat(counted.met.get(Kind.SUBMIT)).containsExactlyInAnyOrder(RouteEvents.Outcome.values());
        assertThat(counted.met.get(Kind.GET)).containsExactlyInAnyOrder(RouteEvents.Outcome.values());
        assertThat(copies).as("copies read").isPositive();
    }

    @Test
    void theSameSeedIsTheSameRun() {
        assertThat(run(7, Faults.ordinary(), new RouteEvents() {}))
                .isEqualTo(run(7, Faults.ordinary(), new RouteEvents() {}));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"WITHOUT_LEASE", "FRESH_IDS", "EQUAL_BARRIERS"})
    void aLawIsSeenToBreakWhenAProtectionIsTakenAway(Faults.Planted planted) {
        long caught = LongStream.range(0, FAULT_SEEDS)
                .filter(seed -> breaksALaw(seed, Faults.planted(planted)))
                .count();

        assertThat(caught).as("seeds of %s that caught it", FAULT_SEEDS).isGreaterThanOrEqualTo(FAULT_SEEDS / 4);
    }

    private static RoutedSimulation.Summary run(long seed, Faults faults, RouteEvents events) {
        return new RoutedSimulation(seed, faults, new WriteEvents() {}, events).run();
    }

    private static boolean breaksALaw(long seed, Faults faults) {
        try {
            run(seed, faults, new RouteEvents() {});
            return false;
        } catch (Law.BrokenLawException e) {
            return true;
        }
    }

    private static final class Counted implements RouteEvents {
        private final Map<Kind, Set<Outcome>> met = new EnumMap<>(Kind.class);

        @Override
        public void asked(Kind kind, Outcome outcome, Duration took) {
            met.computeIfAbsent(kind, ignored -> EnumSet.noneOf(Outcome.class)).add(outcome);
        }
    }
}
