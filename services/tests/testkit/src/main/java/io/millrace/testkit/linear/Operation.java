package io.millrace.testkit.linear;

/**
 * One call of one client, with the times by one clock between which it took effect, if it did.
 *
 * @param client who, for people who read about it
 * @param invokedNs before it was sent
 * @param returnedNs after the answer was there; {@link Long#MAX_VALUE} if none came
 */
public record Operation(int client, String key, Ask ask, Answer answer, long invokedNs, long returnedNs) {
    /** Checks the times, and that nothing is known of what has not returned. */
    public Operation {
        if (returnedNs < invokedNs) {
            throw new IllegalArgumentException("returned: " + returnedNs + " (expected: after " + invokedNs + ")");
        }
        if (answer instanceof Answer.Unknown) {
            returnedNs = Long.MAX_VALUE;
        }
    }

    /** Whether it is known what came of it. */
    public boolean isKnown() {
        return !(answer instanceof Answer.Unknown);
    }

    @Override
    public String toString() {
        String until = returnedNs == Long.MAX_VALUE ? "…" : Long.toString(returnedNs / 1_000);
        return "client " + client + " " + key + " [" + invokedNs / 1_000 + "-" + until + " µs] " + ask + " -> "
                + answer;
    }
}
