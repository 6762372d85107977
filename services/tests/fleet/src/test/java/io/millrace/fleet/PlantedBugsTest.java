package io.millrace.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A fleet with a bug in it is caught by the very trial that a fleet without one passes. Takes minutes for each:
 * {@code -Dfleet.bugs=true}.
 */
@EnabledIfSystemProperty(named = "fleet.bugs", matches = "true")
class PlantedBugsTest {
    private static final int ROUNDS = 5;
    private static final Duration LENGTH = Duration.ofSeconds(60);
    private static final int SHOWN = 2_000;

    /** What brokers and nodes said is wanted when something is wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    static Stream<Mutant> bugs() {
        return Stream.of(
                new Mutant(
                        "owners that do not fence each other",
                        "kafka",
                        "io.millrace.kafka.OwnerProducer",
                        "settings.owner(transactionalId)",
                        "settings.owner(transactionalId + System.nanoTime())"),
                new Mutant(
                        "mutation ids that are not remembered",
                        "engine",
                        "io.millrace.engine.write.DedupeWindow",
                        "return remembered.find(id);",
                        "return null;"),
                new Mutant(
                        "reads without the lease",
                        "kafka",
                        "io.millrace.kafka.HeartbeatLease",
                        "until != Long.MIN_VALUE && clockNs.getAsLong() - until < 0",
                        "until != Long.MIN_VALUE"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void isFound(Mutant bug) throws Exception {
        List<Path> ahead = List.of(bug.compiled(folder.resolve("mutant")));
        long startNs = System.nanoTime();
        try (FleetTrial trial = new FleetTrial(3, folder, ahead)) {
            for (int round = 1; round <= ROUNDS; round++) {
                List<String> problems = trial.problems("round-" + round, trial.plan(round, LENGTH));
                if (!problems.isEmpty()) {
                    String first = problems.getFirst();
                    System.out.println(bug + ": " + problems.size() + " problems found after "
                            + Duration.ofNanos(System.nanoTime() - startNs).toSeconds() + " s, the first: "
                            + first.substring(0, Math.min(SHOWN, first.length())));
                    return;
                }
            }
        }
        assertThat(List.of()).as("problems of a fleet with " + bug).isNotEmpty();
    }
}
