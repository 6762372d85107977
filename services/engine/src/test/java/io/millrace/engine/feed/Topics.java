package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.change.Change;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.Current;
import io.millrace.core.change.Frames;
import io.millrace.core.change.VersionClock;
import io.millrace.core.value.Json;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail.Source;
import io.millrace.engine.port.Tail.Told;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The two topics of a partition, as readers find them and as they would be if nothing were ever forgotten; and the store. */
final class Topics {
    /** All there ever was, without tombstones, by offset. */
    final NavigableMap<Long, Told> allChanges = new TreeMap<>();

    final NavigableMap<Long, Told> allEvents = new TreeMap<>();
    /** What is still there, by offset. */
    final NavigableMap<Long, Entry> changes = new TreeMap<>();

    final NavigableMap<Long, Entry> events = new TreeMap<>();
    final NavigableMap<RecordKey, Json> store = new TreeMap<>();
    final VersionClock clock = new VersionClock();
    private final Map<String, Told> byFrame = new HashMap<>();
    private final NavigableMap<Long, Long> byMs = new TreeMap<>();
    /** The last record of the changes; between two, and at the end, there may be commit markers. */
    long lastChange = -1;

    private long changeEnd;
    private long changeStart;
    private long eventEnd;
    private long eventStart;

    /** A record; null where it is a tombstone. */
    record Entry(long offset, RecordKey key, @Nullable Told told, long timestampMs) {}

    Current current(RecordKey key) {
        Json frame = store.get(key);
        return frame == null ? Current.MISSING : Frames.current(Space.STREAM, frame.utf8());
    }

    /** Appends a change, a tombstone if it is a delete, and as many commit markers as are said. */
    void append(Change change, int markers, long timestampMs) {
        ChangeRecord record = ChangeRecord.of(change);
        Json frame = record.frame();
        if (frame == null) {
            throw new AssertionError("change without a frame");
        }
        Told told = new Told(Source.CHANGE, changeEnd++, record.key(), frame, -1, timestampMs);
        lastChange = told.offset();
        allChanges.put(told.offset(), told);
        changes.put(told.offset(), new Entry(told.offset(), record.key(), told, timestampMs));
        byFrame.put(frame.toString(), told);
        byMs.put(change.version().timestampMs(), told.offset());
        if (change.newValue() == null) {
            lastChange = changeEnd++;
            changes.put(lastChange, new Entry(lastChange, record.key(), null, timestampMs));
            store.remove(record.key());
        } else {
            store.put(record.key(), frame);
        }
        changeEnd += markers;
    }

    void send(Group group, Json frame, long after, long timestampMs) {
        Told told = new Told(Source.EVENT, eventEnd++, group.eventKey(), frame, after, timestampMs);
        allEvents.put(told.offset(), told);
        events.put(told.offset(), new Entry(told.offset(), told.key(), told, timestampMs));
        byFrame.put(frame.toString(), told);
    }

    /** The record a frame is of; null if there is none. */
    @Nullable
    Told find(String frame) {
        return byFrame.get(frame);
    }

    /** The last change of a millisecond or an earlier one; -1 for none. */
    long changeAt(long timestampMs) {
        Map.Entry<Long, Long> last = byMs.floorEntry(timestampMs);
        return last == null ? -1 : last.getValue();
    }

    /** Everything that is there, markers included. */
    Mark end() {
        return new Mark(changeEnd - 1, eventEnd - 1);
    }

    /** The last place before everything that is still there; what compaction took apart. */
    Mark start() {
        return new Mark(changeStart - 1, eventStart - 1);
    }

    /** Forgets each change older than {@code beforeMs} that a later one of its key has made needless. */
    void compact(long beforeMs) {
        Set<RecordKey> later = new HashSet<>();
        changes.descendingMap().values().removeIf(entry -> !later.add(entry.key()) && entry.timestampMs() < beforeMs);
    }

    /** Forgets events older than {@code beforeMs}. */
    void expireEvents(long beforeMs) {
        while (!events.isEmpty() && events.firstEntry().getValue().timestampMs() < beforeMs) {
            eventStart = events.pollFirstEntry().getKey() + 1;
        }
    }

    /** Forgets the first changes, as somebody may who deletes records by hand. */
    void deleteChanges(long through) {
        changes.headMap(through, true).clear();
        changeStart = Math.max(changeStart, through + 1);
    }

    /** How much of a window everything takes that was written since the first record after a mark. */
    long costAfter(Mark mark) {
        long since = oldestMsAfter(mark);
        return after(Mark.START)
                .filter(told -> told.timestampMs() >= since)
                .mapToLong(told -> 2L * told.frame().sizeBytes() + 256)
                .sum();
    }

    /** When the oldest change after a mark was written. */
    long oldestChangeMsAfter(Mark mark) {
        Map.Entry<Long, Told> next = allChanges.higherEntry(mark.change());
        return next == null ? Long.MAX_VALUE : next.getValue().timestampMs();
    }

    private long oldestMsAfter(Mark mark) {
        Map.Entry<Long, Told> next = allEvents.higherEntry(mark.event());
        return Math.min(
                oldestChangeMsAfter(mark),
                next == null ? Long.MAX_VALUE : next.getValue().timestampMs());
    }

    private Stream<Told> after(Mark mark) {
        return Stream.concat(
                allChanges.tailMap(mark.change(), false).values().stream(),
                allEvents.tailMap(mark.event(), false).values().stream());
    }
}
