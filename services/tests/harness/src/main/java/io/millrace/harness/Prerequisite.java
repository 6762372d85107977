package io.millrace.harness;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine it runs on. */
final class Prerequisite {
    private Prerequisite() {}

    /**
     * Lets a test go on, or ends it: as aborted on a developer's machine, as failed in CI (where the environment has {@code
     * CI=true}), since there a test that is silently left out is one that will never run again.
     *
     * @param missing what is not there; null if all is
     */
    static void require(@Nullable String missing) {
        if (missing != null && Boolean.parseBoolean(System.getenv("CI"))) {
            throw new AssertionError(missing);
        }
        Assumptions.assumeTrue(missing == null, missing);
    }
}
