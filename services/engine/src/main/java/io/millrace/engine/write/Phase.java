package io.millrace.engine.write;

/**
 * Where a partition's writer stands.
 *
 * <pre>
 *             ┌───────────────(in doubt, at once; fenced, after a pause)──────────────────┐
 *             ▼                                                                           │
 *          Fencing ──fenced──► Announcing ──barrier──► Replaying ──► CatchingUp ──► Serving ⇄ Committing
 *             ▲                    │  ▲  └─(has waited)────┼──────────────▲            │
 *             │                    │  └────── Waiting ◄────┤              │            │
 *             └────(unavailable)───┴───────────────────────┘              └── Stopped ◄┘ (unreadable record)
 *
 *          any ──close──► Closed
 * </pre>
 */
sealed interface Phase {
    /** Why nothing can be read or decided, as the end of a sentence; empty when something can. */
    default String unserved() {
        return switch (this) {
            case Serving ignored -> "";
            case Committing ignored -> "";
            case Stopped stopped -> "is stopped: " + stopped.why();
            case Closed ignored -> "is changing its owner";
            case Fencing ignored -> "is being taken over";
            case Announcing ignored -> "is being taken over";
            case Replaying ignored -> "is being taken over";
            case Waiting ignored -> "is being taken over";
            case CatchingUp ignored -> "is being taken over";
        };
    }

    /** The log is to be fenced, but not before this time. */
    record Fencing(long notBeforeMicros) implements Phase {
        Announcing fenced() {
            return new Announcing(false);
        }
    }

    /** Nobody else can write. The barrier is to be committed, for the second time after waiting. */
    record Announcing(boolean hasWaited) implements Phase {
        Phase announced(long barrierOffset) {
            // Whoever wrote between the two barriers would have fenced this writer, which could not have committed the
            // second.
            return hasWaited ? new CatchingUp(barrierOffset) : new Replaying(barrierOffset);
        }
    }

    /** Everything before the barrier is decided for good. The tail is to be read, for the mutation ids and the clock. */
    record Replaying(long barrierOffset) implements Phase {
        CatchingUp replayed() {
            return new CatchingUp(barrierOffset);
        }
    }

    /** The owner before may still answer reads, and even fence, until this time: whether it did, the second barrier shows. */
    record Waiting(long untilMicros) implements Phase {
        Announcing waited() {
            return new Announcing(true);
        }
    }

    /** The store is to apply the barrier. */
    record CatchingUp(long barrierOffset) implements Phase {
        Serving caughtUp() {
            return new Serving();
        }
    }

    /** Nothing is under way: the next batch may be decided, and cuts be taken. */
    record Serving() implements Phase {
        Committing appended(Batch batch, io.millrace.engine.port.PartitionLog.Offsets offsets, long sinceMicros) {
            return new Committing(batch, offsets, sinceMicros);
        }
    }

    /** A batch is in the log and not committed. */
    record Committing(Batch batch, io.millrace.engine.port.PartitionLog.Offsets offsets, long sinceMicros)
            implements Phase {
        Serving committed() {
            return new Serving();
        }
    }

    /** Something on the log or in the store cannot be read. Nothing is served until somebody has looked at it. */
    record Stopped(String why) implements Phase {}

    /** Given up. */
    record Closed() implements Phase {}
}
