package io.millrace.engine.write;

import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Replies under their mutation ids, the oldest first. Each is a few bytes in a large array and some numbers in others: as
 * objects, hundreds of thousands that live for seconds to minutes each, they would be most of the garbage collector's work.
 */
final class RepliesById {
    private static final int FIRST_SLOTS = 256;
    /** Of the numbers, for each entry. */
    private static final int SLOT_BYTES = 40;

    private final ReplyBytes bytes = new ReplyBytes();
    private long sizeBytes;

    /** Entries are numbered as they come; entry n is in slot n modulo the number of slots, which is a power of two. */
    private long oldest;

    private long end;
    private byte[][] places = new byte[FIRST_SLOTS][];
    private int[] froms = new int[FIRST_SLOTS];
    private int[] sizes = new int[FIRST_SLOTS];
    private int[] hashes = new int[FIRST_SLOTS];
    private long[] times = new long[FIRST_SLOTS];
    /** For each hash modulo the number of slots the newest entry's slot + 1, and from there on the next older one's. */
    private int[] heads = new int[FIRST_SLOTS];

    private int[] nexts = new int[FIRST_SLOTS];

    int size() {
        return (int) (end - oldest);
    }

    /** About how much memory it takes. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** The reply put last under this id; null when there is none. */
    Reply.@Nullable Done find(MutationId id) {
        int hash = hash(id);
        for (int slot = heads[hash & mask()] - 1; slot >= 0; slot = nexts[slot] - 1) {
            if (hashes[slot] == hash && ReplyBytes.isOf(id, places[slot], froms[slot])) {
                return ReplyBytes.read(places[slot], froms[slot]);
            }
        }
        return null;
    }

    void put(MutationId id, Reply.Done reply, long atMs) {
        if (size() == places.length) {
            grow();
        }
        int slot = slot(end);
        end++;
        bytes.write(id, reply);
        places[slot] = bytes.place();
        froms[slot] = bytes.from();
        sizes[slot] = bytes.size();
        hashes[slot] = hash(id);
        times[slot] = atMs;
        link(slot);
        sizeBytes += SLOT_BYTES + sizes[slot];
    }

    /** When the oldest was put; there must be one. */
    long oldestMs() {
        return times[slot(oldest)];
    }

    /** Forgets the oldest; there must be one. */
    @SuppressWarnings("ReferenceEquality") // Whether it is the same array.
    void removeOldest() {
        int slot = slot(oldest);
        unlink(slot);
        sizeBytes -= SLOT_BYTES + sizes[slot];
        oldest++;
        byte[] place = places[slot];
        places[slot] = ReplyBytes.NOWHERE;
        boolean last = oldest == end || places[slot(oldest)] != place;
        if (last) {
            bytes.free(place);
        }
    }

    void clear() {
        while (size() > 0) {
            removeOldest();
        }
    }

    private void link(int slot) {
        int at = hashes[slot] & mask();
        nexts[slot] = heads[at];
        heads[at] = slot + 1;
    }

    private void unlink(int slot) {
        int at = hashes[slot] & mask();
        if (heads[at] == slot + 1) {
            heads[at] = nexts[slot];
            return;
        }
        int newer = heads[at] - 1;
        while (nexts[newer] != slot + 1) {
            newer = nexts[newer] - 1;
        }
        nexts[newer] = nexts[slot];
    }

    private void grow() {
        int before = places.length;
        // With as many entries as slots, the oldest is anywhere: it comes first from now on.
        int from = slot(oldest);
        places = turned(places, from, Arrays.copyOf(places, before * 2));
        froms = turned(froms, from, new int[before * 2]);
        sizes = turned(sizes, from, new int[before * 2]);
        hashes = turned(hashes, from, new int[before * 2]);
        times = turned(times, from, new long[before * 2]);
        heads = new int[before * 2];
        nexts = new int[before * 2];
        end = size();
        oldest = 0;
        for (int slot = 0; slot < before; slot++) {
            link(slot);
        }
    }

    @SuppressWarnings("SuspiciousSystemArraycopy") // Both are arrays of one kind.
    private static <A> A turned(A array, int from, A larger) {
        int length = java.lang.reflect.Array.getLength(array);
        System.arraycopy(array, from, larger, 0, length - from);
        System.arraycopy(array, 0, larger, length - from, from);
        return larger;
    }

    private int slot(long entry) {
        return (int) entry & mask();
    }

    private int mask() {
        return places.length - 1;
    }

    private static int hash(MutationId id) {
        int hash = id.hashCode();
        return hash ^ hash >>> 16;
    }
}
