package io.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
    @Test
    void comesUpAgainOnTheSameFolderAndAnotherPort(@TempDir Path folder) {
        String clusterId;
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(folder, 0))) {
            clusterId = broker.clusterId();
            assertThat(broker.port()).isPositive();
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(folder, 0))) {
            assertThat(broker.clusterId()).isEqualTo(clusterId);
        }
    }
}
