package io.millrace.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How far one copy of a partition has got, and when it lacked nothing. It is shown the partition's end from time to time:
 * once it has got to an end, it lacks nothing of what had been acknowledged when that end was asked for.
 */
final class CopyPlace {
    private static final int MOST_ENDS = 128;

    private final Deque<End> ends = new ArrayDeque<>();
    private long restored = -1;
    private @Nullable StoreCopy owned;
    private long quietAfter = Long.MAX_VALUE;
    private long quietBefore;
    private long currentMs;

    /** The next offset of the partition, as it was after that time. */
    private record End(long atMs, long next) {}

    /** It is filled on from there: everything before is in it. A copy may begin anew, if its files were lost. */
    synchronized void begins(long next) {
        if (next - 1 < restored) {
            ends.clear();
            currentMs = 0;
        }
        restored = next - 1;
    }

    /** Streams has put everything through that offset into it. */
    synchronized void filled(long offset) {
        restored = Math.max(restored, offset);
    }

    /** From now on it is filled by this node's own feeder. */
    synchronized void owned(StoreCopy copy) {
        owned = copy;
    }

    /** Every committed record at or before this offset is in it. */
    synchronized long applied() {
        return owned == null ? restored : Math.max(restored, owned.appliedOffset());
    }

    /**
     * The partition's end was seen.
     *
     * @param atMs when it was asked for
     * @param next the offset after everything that was acknowledged by then, committed or not
     */
    synchronized void end(long atMs, long next) {
        passed();
        End last = ends.peekLast();
        if (last != null && last.next() == next) {
            ends.removeLast();
        } else if (ends.size() == MOST_ENDS) {
            ends.removeFirst();
        }
        ends.addLast(new End(atMs, next));
    }

    /** Whether it is not known yet if there is anything between this copy and that end, which may be nothing but markers. */
    synchronized boolean isOpen(long next) {
        long applied = applied();
        return applied + 1 < next && !(quietAfter <= applied && next <= quietBefore);
    }

    /** No committed record lies after that offset and before the next. */
    synchronized void quiet(long after, long before) {
        quietAfter = after;
        quietBefore = before;
    }

    /** When it lacked nothing, in milliseconds since 1970; 0 if that is not known. */
    synchronized long currentMs() {
        passed();
        return currentMs;
    }

    private void passed() {
        long applied = applied();
        while (!ends.isEmpty()) {
            End first = ends.getFirst();
            if (applied + 1 < first.next() && !(quietAfter <= applied && first.next() <= quietBefore)) {
                return;
            }
            currentMs = first.atMs();
            ends.removeFirst();
        }
    }
}
