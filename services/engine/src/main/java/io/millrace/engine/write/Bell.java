package io.millrace.engine.write;

import java.util.function.BooleanSupplier;

/**
 * Wakes the writer's thread, and costs next to nothing while it is awake.
 *
 * <p>The thread says that it is about to rest, looks once more whether there is work, and rests; others leave work, then
 * look whether it rests. So at least one of both sees the other.
 */
public final class Bell {
    private volatile boolean resting;
    private volatile Sleeper sleeper = new Sleeper() {
        @Override
        public void rest(long micros) {
            // Nobody runs the writer yet: there is nothing to rest.
        }

        @Override
        public void wake() {
            // Likewise.
        }
    };

    /** How a thread rests and is woken. */
    public interface Sleeper {
        /** Rests for so long at most; woken earlier by {@link #wake()}, also if that came just before. */
        void rest(long micros);

        /** Ends the rest. */
        void wake();
    }

    /** Whom to wake from now on. */
    public void belongsTo(Sleeper owner) {
        sleeper = owner;
    }

    void ring() {
        if (resting) {
            sleeper.wake();
        }
    }

    /** Rests unless there is work. */
    public void rest(long micros, BooleanSupplier work) {
        resting = true;
        try {
            if (!work.getAsBoolean()) {
                sleeper.rest(micros);
            }
        } finally {
            resting = false;
        }
    }
}
