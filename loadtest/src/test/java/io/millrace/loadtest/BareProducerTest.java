package io.millrace.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BareProducerTest {
    @Test
    void everyWriteIsAnsweredByARealBroker() {
        Workload workload = new Workload(100, 10, 200);
        Load load = new Load.Closed(16, Duration.ZERO, Duration.ofMillis(500));
        try (Broker broker = Broker.embedded();
                WriteTarget target = new BareProducer(broker.bootstrapServers(), 2, workload)) {
            assertThat(new LoadRun(target, workload).measure(load).answered()).isPositive();
        }
    }
}
