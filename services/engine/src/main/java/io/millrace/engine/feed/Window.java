package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.engine.port.Mark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was told last of one partition, of all its groups, up to a bound: everything after its floor. Guarded by its feed.
 */
final class Window {
    /** Beside the frame: objects, references, and the bytes it has become for some. */
    private static final int OVERHEAD_BYTES = 256;

    private final int mostBytes;
    private final Deque<Delivery> all = new ArrayDeque<>();
    private final Map<Group, Trail> trails = new HashMap<>();
    private long bytes;
    /** Twice as much while it holds what was read again. */
    private long boundBytes;

    private Mark floor;

    /** An empty one: everything after {@code floor} will be added. */
    Window(int mostBytes, Mark floor) {
        this.mostBytes = mostBytes;
        this.boundBytes = mostBytes;
        this.floor = floor;
    }

    /** Everything after it is here. */
    Mark floor() {
        return floor;
    }

    /** Whether everything is here that those lack who have got as far as {@code mark}. */
    boolean covers(Mark mark) {
        return mark.covers(floor);
    }

    /** What was told next. */
    void add(Delivery delivery) {
        append(delivery);
        trim();
    }

    private void append(Delivery delivery) {
        all.addLast(delivery);
        trails.computeIfAbsent(delivery.group(), group -> new Trail()).add(delivery);
        bytes += cost(delivery);
    }

    /** From now on there is room for what is read again, too; or no more. */
    void widen(boolean wide) {
        boundBytes = wide ? 2L * mostBytes : mostBytes;
        trim();
    }

    private void trim() {
        while (bytes > boundBytes && !all.isEmpty()) {
            Delivery oldest = all.removeFirst();
            Trail trail = trails.get(oldest.group());
            if (trail != null && trail.dropFirst()) {
                trails.remove(oldest.group());
            }
            bytes -= cost(oldest);
            floor = oldest.mark();
        }
    }

    /**
     * Puts what was told before in front, as much as there is room for.
     *
     * @param older in order, everything between the two marks
     * @param through where it ends
     * @return false if this does not begin there any more
     */
    boolean prepend(List<Delivery> older, Mark after, Mark through) {
        if (!floor.equals(through)) {
            return false;
        }
        List<Delivery> newer = new ArrayList<>(all);
        all.clear();
        trails.clear();
        bytes = 0;
        floor = after;
        older.forEach(this::append);
        newer.forEach(this::append);
        trim();
        return true;
    }

    /**
     * What of a group, or of one item of it, those lack who have got as far as {@code mark}, in order.
     *
     * @param itemId null for the whole group
     * @param most stops after so many bytes
     */
    Lacking lacking(Group group, @Nullable String itemId, Mark mark, int most) {
        Trail trail = trails.get(group);
        List<Delivery> found = new ArrayList<>();
        long size = 0;
        if (trail != null) {
            for (int i = trail.after(mark); i < trail.size(); i++) {
                Delivery delivery = trail.get(i);
                boolean wanted = delivery.isAfter(mark) && (itemId == null || itemId.equals(delivery.itemId()));
                if (wanted && size >= most) {
                    return new Lacking(found, false);
                }
                if (wanted) {
                    found.add(delivery);
                    size += delivery.bytes();
                }
            }
        }
        return new Lacking(found, true);
    }

    private static long cost(Delivery delivery) {
        return 2L * delivery.bytes() + OVERHEAD_BYTES;
    }

    /** What somebody lacks, or the first of it. */
    record Lacking(List<Delivery> deliveries, boolean all) {}

    /** One group's part, in order. */
    private static final class Trail {
        private static final int MOST_DROPPED = 32;

        private List<@Nullable Delivery> kept = new ArrayList<>(2);
        private int first;

        void add(Delivery delivery) {
            kept.add(delivery);
        }

        /** Says whether it was the last. */
        boolean dropFirst() {
            kept.set(first, null);
            first++;
            if (first > MOST_DROPPED && first > kept.size() / 2) {
                kept = new ArrayList<>(kept.subList(first, kept.size()));
                first = 0;
            }
            return first == kept.size();
        }

        int size() {
            return kept.size();
        }

        Delivery get(int index) {
            Delivery delivery = kept.get(index);
            if (delivery == null) {
                throw new IllegalStateException("trail: dropped at " + index + " (expected: from " + first + " on)");
            }
            return delivery;
        }

        /** The first that {@code mark} does not include altogether: none before it is lacking. */
        int after(Mark mark) {
            int low = first;
            int high = kept.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (mark.covers(get(middle).mark())) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }
}
