package io.millrace.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Something bad happens to a fleet all the time. {@code -Dfleet.minutes=10} makes it long, {@code -Dfleet.seed} chooses what
 * happens, {@code -Dfleet.nodes} how many there are.
 */
class FleetUnderFaultsTest {
    private static final long SEED = Long.getLong("fleet.seed", 5);
    private static final int NODES = Integer.getInteger("fleet.nodes", 3);
    private static final int MINUTES = Integer.getInteger("fleet.minutes", 0);
    private static final Duration LENGTH = MINUTES == 0 ? Duration.ofSeconds(30) : Duration.ofMinutes(MINUTES);

    /** What brokers and nodes said is wanted when something is wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void nothingIsLostOrDoneTwiceOrSeenOutOfOrderWhateverHappensToNodesBrokersAndTheirNetwork() throws Exception {
        try (FleetTrial trial = new FleetTrial(NODES, folder, List.of())) {
            assertThat(trial.problems("all", trial.plan(SEED, LENGTH))).isEmpty();
        }
    }
}
