package io.millrace.testkit;

/**
 * What is wrong with the world.
 *
 * <p>The first three take away one of the protections, to see that the laws notice.
 */
public final class Faults {
    private final boolean withoutFencing;
    private final boolean withoutDedupe;
    private final boolean withoutOverlay;
    private boolean healed;

    private Faults(boolean withoutFencing, boolean withoutDedupe, boolean withoutOverlay) {
        this.withoutFencing = withoutFencing;
        this.withoutDedupe = withoutDedupe;
        this.withoutOverlay = withoutOverlay;
    }

    /** Lost requests and answers, crashes, sleepers: what must be survived. */
    public static Faults ordinary() {
        return new Faults(false, false, false);
    }

    /** Planted: the log lets every producer write. */
    public static Faults withoutFencing() {
        return new Faults(true, false, false);
    }

    /** Planted: no mutation id is remembered. */
    public static Faults withoutDedupe() {
        return new Faults(false, true, false);
    }

    /** Planted: the overlay is dropped at once, since the store claims to have everything. */
    public static Faults withoutOverlay() {
        return new Faults(false, false, true);
    }

    boolean fencing() {
        return !withoutFencing;
    }

    boolean dedupe() {
        return !withoutDedupe;
    }

    boolean overlay() {
        return !withoutOverlay;
    }

    void heal() {
        healed = true;
    }

    boolean healed() {
        return healed;
    }
}
