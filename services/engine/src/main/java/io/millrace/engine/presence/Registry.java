package io.millrace.engine.presence;

import io.millrace.core.address.Group;
import io.millrace.engine.gate.Visit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The subscriptions of this node as of now. Calls may come from any thread, but for one socket one after another. */
final class Registry {
    private final Map<Entry, Entry> entries = new ConcurrentHashMap<>();
    private final Map<Group, Entry.Line> groups = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /**
     * A part of a group.
     *
     * @param entries in the order they began
     * @param count how many there are in all
     * @param more whether some come after these
     */
    record Part(List<Entry> entries, int count, boolean more) {
        private static final Part NOTHING = new Part(List.of(), 0, false);
    }

    /** Takes an entry in. Returns the one it replaces, of the same socket and subscription id. */
    @Nullable
    Entry put(Entry entry) {
        Entry replaced = entries.remove(entry);
        if (replaced != null) {
            detach(replaced);
        }
        groups.compute(entry.visit().group(), (group, known) -> {
            Entry.Line line = known == null ? new Entry.Line() : known;
            entry.numbered(numbers.incrementAndGet()); // here, so that a group's are in order
            line.add(entry);
            return line;
        });
        entries.put(entry, entry);
        return replaced;
    }

    /** Takes an entry out, if it is there. */
    @Nullable
    Entry remove(Visit visit) {
        Entry removed = entries.remove(new Entry(visit, 0));
        if (removed != null) {
            detach(removed);
        }
        return removed;
    }

    private void detach(Entry entry) {
        groups.computeIfPresent(entry.visit().group(), (group, line) -> {
            line.remove(entry);
            return line.size() == 0 ? null : line;
        });
    }

    int size() {
        return entries.size();
    }

    void each(Consumer<Entry> visitor) {
        entries.values().forEach(visitor);
    }

    /** The numbers of all of them, ascending. */
    long[] numbers() {
        long[] all = entries.values().stream().mapToLong(Entry::number).toArray();
        Arrays.sort(all);
        return all;
    }

    /**
     * Who is in a group.
     *
     * @param itemId only those who follow this item by itself; null for everybody
     * @param after only those numbered higher
     * @param most how many to give
     */
    Part part(Group group, @Nullable String itemId, long after, int most) {
        Part[] part = {Part.NOTHING};
        groups.computeIfPresent(group, (same, line) -> {
            part[0] = part(line, itemId, after, most);
            return line;
        });
        return part[0];
    }

    private static Part part(Entry.Line line, @Nullable String itemId, long after, int most) {
        List<Entry> found = new ArrayList<>();
        int count = itemId == null ? line.size() : 0;
        boolean more = false;
        for (Entry entry = line.first(); entry != null; entry = Entry.Line.after(entry)) {
            if (itemId != null) {
                if (!Objects.equals(itemId, entry.visit().itemId())) {
                    continue;
                }
                count++;
            }
            if (entry.number() > after) {
                if (found.size() < most) {
                    found.add(entry);
                } else {
                    more = true;
                    if (itemId == null) {
                        break; // nothing is left to be counted
                    }
                }
            }
        }
        return new Part(found, count, more);
    }
}
