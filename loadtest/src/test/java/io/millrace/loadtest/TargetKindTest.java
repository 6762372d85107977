package io.millrace.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TargetKindTest {
    @ParameterizedTest
    @EnumSource
    void answersEveryWriteOnARealBroker(TargetKind kind) {
        Workload workload = new Workload(100, 10, 200);
        Load load = new Load.Closed(16, Duration.ZERO, Duration.ofMillis(500));
        try (Broker broker = Broker.Embedded.start();
                WriteTarget target = kind.open(broker, 2, workload)) {
            assertThat(new LoadRun(target, workload).measure(load).answered()).isPositive();
        }
    }
}
