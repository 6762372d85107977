package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DeliverySimulationTest {
    private static final int FAULT_SEEDS = 20;

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyRecordIsDeliveredInOrderThroughCrashesRebalancesAndFailingFunctions(long seed) {
        DeliverySimulation.Summary summary = new DeliverySimulation(seed, DeliveryFault.NONE).run();

        assertThat(summary.records()).isPositive();
        assertThat(summary.letters()).isPositive();
        assertThat(summary.repeated()).isPositive();
    }

    @Test
    void theSameSeedIsTheSameRun() {
        DeliverySimulation.Summary first = new DeliverySimulation(7, DeliveryFault.NONE).run();

        assertThat(new DeliverySimulation(7, DeliveryFault.NONE).run()).isEqualTo(first);
        assertThat(first.crashes()).isPositive();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void theLawIsSeenToBreakWhenAProtectionIsTakenAway(DeliveryFault fault) {
        long caught = LongStream.range(0, FAULT_SEEDS)
                .filter(seed -> breaksTheLaw(seed, fault))
                .count();

        assertThat(caught).as("seeds of %s that caught it", FAULT_SEEDS).isGreaterThanOrEqualTo(FAULT_SEEDS / 2);
    }

    private static boolean breaksTheLaw(long seed, DeliveryFault fault) {
        try {
            new DeliverySimulation(seed, fault).run();
            return false;
        } catch (Law.BrokenLawException e) {
            return true;
        }
    }
}
