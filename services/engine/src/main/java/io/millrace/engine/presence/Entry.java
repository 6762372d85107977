package io.millrace.engine.presence;

import io.millrace.engine.gate.Visit;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of this node. There may be a hundred thousand of them, so it is its own key (equal when of the same
 * socket and subscription id) and its own link in the list of its group.
 */
final class Entry {
    /** NEW --sent--> SENT --acknowledged--> WRITTEN; NEW or SENT --dropped or failed--> LOST --made good--> NEW */
    enum Kept {
        /** Not in the log, unless it has been lost before. */
        NEW,
        /** On its way there. */
        SENT,
        WRITTEN,
        /** Perhaps in the log, perhaps not: to be written again. */
        LOST
    }

    private final Visit visit;
    private final long sinceMs;

    /** Set when it enters its group. */
    private long number;

    private @Nullable Entry before;
    private @Nullable Entry after;

    /** Both belong to the journal. */
    private Kept kept = Kept.NEW;

    private boolean ended;

    Entry(Visit visit, long sinceMs) {
        this.visit = visit;
        this.sinceMs = sinceMs;
    }

    Visit visit() {
        return visit;
    }

    long sinceMs() {
        return sinceMs;
    }

    long number() {
        return number;
    }

    void numbered(long given) {
        number = given;
    }

    Kept kept() {
        return kept;
    }

    void kept(Kept now) {
        kept = now;
    }

    boolean ended() {
        return ended;
    }

    void end() {
        ended = true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Entry that
                && visit.socket() == that.visit.socket()
                && visit.subscriptionId().equals(that.visit.subscriptionId());
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(visit.socket()) + visit.subscriptionId().hashCode();
    }

    /** The subscriptions of one group, in the order they began. Only to be touched under its place in the registry. */
    static final class Line {
        private @Nullable Entry first;
        private @Nullable Entry last;
        private int size;

        void add(Entry entry) {
            Entry end = last;
            entry.before = end;
            if (end == null) {
                first = entry;
            } else {
                end.after = entry;
            }
            last = entry;
            size++;
        }

        void remove(Entry entry) {
            Entry left = entry.before;
            Entry right = entry.after;
            if (left == null) {
                first = right;
            } else {
                left.after = right;
            }
            if (right == null) {
                last = left;
            } else {
                right.before = left;
            }
            entry.before = null;
            entry.after = null;
            size--;
        }

        @Nullable
        Entry first() {
            return first;
        }

        static @Nullable Entry after(Entry entry) {
            return entry.after;
        }

        int size() {
            return size;
        }
    }
}
