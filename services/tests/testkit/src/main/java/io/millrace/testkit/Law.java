package io.millrace.testkit;

import java.util.function.Supplier;

/** The numbered guarantees of {@code docs/invariants.md} that the simulation checks. */
public enum Law {
    /** An acknowledged mutation survives. */
    L1,
    /** Mutations of one scope or group are totally ordered. */
    L2,
    /** Folding the change topic to a position gives the store at that position. */
    L3,
    /** A mutation id takes effect at most once. */
    L4,
    /** Nothing that was refused or aborted is ever visible. */
    L5,
    /** A snapshot is exact as of its position. */
    L6,
    /** Every record reaches who it is for, at least once and per key in order, or the dead letters. */
    L8,
    /** A zombie owner changes nothing. */
    L10;

    /** Fails with a {@link BrokenLawException} unless it holds. */
    public void check(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new BrokenLawException(this, otherwise.get());
        }
    }

    /** What was guaranteed is not so. */
    public static final class BrokenLawException extends AssertionError {
        private static final long serialVersionUID = 1L;

        BrokenLawException(Law law, String message) {
            super(law + ": " + message);
        }
    }
}
