package io.millrace.testkit;

import java.util.EnumSet;
import java.util.Set;

/** What is wrong with the world. */
public final class Faults {
    private final Set<Planted> planted;
    private boolean healed;

    /** A protection that is taken away, to see that the laws notice. */
    public enum Planted {
        /** The log lets every producer write. */
        WITHOUT_FENCING,
        /** No mutation id is remembered. */
        WITHOUT_DEDUPE,
        /** The overlay is dropped at once, since the store claims to have everything. */
        WITHOUT_OVERLAY,
        /** Every node believes that it owns what it was given last, however long ago it heard from the others. */
        WITHOUT_LEASE,
        /** Who takes over does not wait until the one before must have noticed. */
        WITHOUT_WAITING,
        /** What is asked of another node once more is asked under another mutation id. */
        FRESH_IDS,
        /** Nobody can tell who took a partition over later. */
        EQUAL_BARRIERS
    }

    private Faults(Set<Planted> planted) {
        this.planted = planted;
    }

    /** Lost requests and answers, crashes, sleepers: what must be survived. */
    public static Faults ordinary() {
        return new Faults(EnumSet.noneOf(Planted.class));
    }

    /** The same with one protection less. */
    public static Faults planted(Planted planted) {
        return new Faults(EnumSet.of(planted));
    }

    boolean has(Planted fault) {
        return planted.contains(fault);
    }

    boolean fencing() {
        return !has(Planted.WITHOUT_FENCING);
    }

    boolean dedupe() {
        return !has(Planted.WITHOUT_DEDUPE);
    }

    boolean overlay() {
        return !has(Planted.WITHOUT_OVERLAY);
    }

    void heal() {
        healed = true;
    }

    boolean healed() {
        return healed;
    }
}
