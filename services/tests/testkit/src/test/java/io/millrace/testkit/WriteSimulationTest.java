package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Space;
import io.millrace.engine.write.WriteEvents;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WriteSimulationTest {
    private static final int FAULT_SEEDS = 20;

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theLawsHoldThroughCrashesLostAnswersAndZombies(long seed) {
        WriteSimulation.Summary summary = new WriteSimulation(seed, Faults.ordinary(), new WriteEvents() {}).run();

        assertThat(summary.mutationsAnswered()).isPositive();
        assertThat(summary.readsAnswered()).isPositive();
    }

    @Test
    void everyKindOfTroubleIsMetInTwentySeeds() {
        Counted counted = new Counted();

        LongStream.range(0, FAULT_SEEDS).forEach(seed -> new WriteSimulation(seed, Faults.ordinary(), counted).run());

        assertThat(counted.inDoubt).as("in doubt").isPositive();
        assertThat(counted.fenced).as("fenced").isPositive();
        assertThat(counted.unavailable).as("unavailable").isPositive();
        assertThat(counted.repeated).as("repeated").isPositive();
        assertThat(counted.conflicts).as("conflicts").isPositive();
        assertThat(counted.handedOver).as("handed over").isPositive();
        assertThat(counted.largestBatch).as("mutations in one batch").isGreaterThan(1);
    }

    @Test
    void theSameSeedIsTheSameRun() {
        WriteSimulation.Summary first = new WriteSimulation(7, Faults.ordinary(), new WriteEvents() {}).run();
        WriteSimulation.Summary second = new WriteSimulation(7, Faults.ordinary(), new WriteEvents() {}).run();

        assertThat(second).isEqualTo(first);
    }

    static Stream<Planted> plantedFaults() {
        return Stream.of(
                new Planted("fencing", FAULT_SEEDS / 2, () -> Faults.planted(Faults.Planted.WITHOUT_FENCING)),
                new Planted("dedupe", FAULT_SEEDS / 2, () -> Faults.planted(Faults.Planted.WITHOUT_DEDUPE)),
                new Planted("waiting for the lease", 2, () -> Faults.planted(Faults.Planted.WITHOUT_WAITING)),
                new Planted("overlay", FAULT_SEEDS / 2, () -> Faults.planted(Faults.Planted.WITHOUT_OVERLAY)));
    }

    @ParameterizedTest(name = "without {0}")
    @MethodSource("plantedFaults")
    void aLawIsSeenToBreakWhenAProtectionIsTakenAway(Planted planted) {
        long caught = LongStream.range(0, FAULT_SEEDS)
                .filter(seed -> breaksALaw(seed, planted.faults().get()))
                .count();

        assertThat(caught).as("seeds of %s that caught it", FAULT_SEEDS).isGreaterThanOrEqualTo(planted.least());
    }

    private static boolean breaksALaw(long seed, Faults faults) {
        try {
            new WriteSimulation(seed, faults, new WriteEvents() {}).run();
            return false;
        } catch (Law.BrokenLawException e) {
            return true;
        }
    }

    /** At least so many of the seeds are to catch it. */
    record Planted(String protection, int least, java.util.function.Supplier<Faults> faults) {
        @Override
        public String toString() {
            return protection;
        }
    }

    private static final class Counted implements WriteEvents {
        private int inDoubt;
        private int fenced;
        private int unavailable;
        private int repeated;
        private int conflicts;
        private int handedOver;
        private int largestBatch;

        @Override
        public void answered(Space space, Answer answer) {
            switch (answer) {
                case REPEATED -> repeated++;
                case CONFLICT -> conflicts++;
                case CHANGED, UNCHANGED, TOO_LARGE -> {}
            }
        }

        @Override
        public void committed(Space space, int partition, int mutations, long bytes, java.time.Duration took) {
            largestBatch = Math.max(largestBatch, mutations);
        }

        @Override
        public void inDoubt(Space space, int partition, int mutations, Throwable cause) {
            inDoubt++;
        }

        @Override
        public void fenced(Space space, int partition, Throwable cause) {
            fenced++;
        }

        @Override
        public void unavailable(Space space, int partition, Throwable cause) {
            unavailable++;
        }

        @Override
        public void handedOver(Space space, int partition) {
            handedOver++;
        }
    }
}
