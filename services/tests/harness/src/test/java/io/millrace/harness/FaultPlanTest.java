package io.millrace.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
    private static final Duration LENGTH = Duration.ofMinutes(2);

    @Test
    void theSameSeedIsTheSamePlan() {
        assertThat(plan(7, true)).isEqualTo(plan(7, true)).isNotEqualTo(plan(8, true));
    }

    @Test
    void eachKindOfFaultComesOnceBeforeAnyComesAgain() {
        assertThat(plan(7, true).steps().stream()
                        .limit(10)
                        .map(step -> step.fault().getClass())
                        .collect(Collectors.toSet()))
                .hasSize(10);
    }

    @Test
    void aNetworkThatCannotBeCutIsNot() {
        assertThat(plan(7, false).steps()).noneMatch(step -> step.fault().ofNetwork());
    }

    @Test
    void aPlanIsAboutAsLongAsWasAskedFor() {
        Duration planned = plan(7, true).steps().stream()
                .map(step -> step.hold().plus(step.calm()))
                .reduce(Duration.ZERO, Duration::plus);

        assertThat(planned).isBetween(LENGTH, LENGTH.plusSeconds(16));
    }

    private static FaultPlan plan(long seed, boolean network) {
        return FaultPlan.drawn(seed, 3, 3, LENGTH, network);
    }
}
