package io.millrace.testkit.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Holds a history against one register for each key: is there an order of the operations that keeps to their times (what
 * returned before another was asked comes before it) and explains every answer? The search is Wing and Gong's with Lowe's
 * memory of what was tried.
 */
public final class Linearizability {
    /** How many configurations of one key are looked at unless said otherwise: minutes at most. */
    public static final long PATIENCE = 5_000_000;

    private Linearizability() {}

    /** Checks every key of a history, in any order. */
    public static Verdict check(List<Operation> history) {
        return check(history, PATIENCE);
    }

    /**
     * Checks every key of a history.
     *
     * @param patience how many configurations of one key to look at before giving up
     */
    public static Verdict check(List<Operation> history, long patience) {
        Map<String, List<Operation>> byKey = new TreeMap<>();
        int unknown = 0;
        for (Operation operation : history) {
            unknown += operation.isKnown() ? 0 : 1;
            // A read without an answer says nothing.
            if (operation.isKnown() || !(operation.ask() instanceof Ask.Get)) {
                byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
            }
        }
        Verdict undecided = null;
        for (Map.Entry<String, List<Operation>> key : byKey.entrySet()) {
            switch (new Search(key.getKey(), key.getValue(), patience).run()) {
                case Verdict.Linearizable ignored -> {}
                case Verdict.Violated violated -> {
                    return violated;
                }
                case Verdict.Undecided given -> undecided = given;
            }
        }
        return undecided == null ? new Verdict.Linearizable(byKey.size(), history.size(), unknown) : undecided;
    }
}
