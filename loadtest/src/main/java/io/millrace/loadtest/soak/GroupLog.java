package io.millrace.loadtest.soak;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What one group was told to become, change by change: the record that every frame is held against. One thread, the
 * group's writer, plans; any thread reads.
 *
 * <p>The value written last is never the next to be deleted. So no two places of the log have the same values, and a
 * snapshot says by itself where it was taken.
 */
final class GroupLog {
    private static final int DELETES_PERCENT = 5;
    private static final int FEWEST_ITEMS = 2;

    private final String streamName;
    private final String groupId;
    private final SplittableRandom random;
    private final int[] values;
    private int present;
    private int written = -1;
    private volatile Change[] changes = new Change[1 << 10];
    private volatile int planned;
    private volatile int acknowledged;
    private volatile Sent[] events = new Sent[1 << 8];
    private volatile int sent;

    GroupLog(String streamName, String groupId, int items, long seed) {
        this.streamName = streamName;
        this.groupId = groupId;
        this.values = new int[items];
        this.random = new SplittableRandom(seed);
    }

    String streamName() {
        return streamName;
    }

    String groupId() {
        return groupId;
    }

    int items() {
        return values.length;
    }

    /** Draws what happens next, and makes it known before it is sent. */
    Change plan() {
        int item = random.nextInt(values.length);
        boolean there = values[item] != 0;
        boolean deletes =
                there && item != written && present > FEWEST_ITEMS && random.nextInt(100) < 2 * DELETES_PERCENT;
        int number = planned + 1;
        Change.Kind kind = deletes ? Change.Kind.DELETE : there ? Change.Kind.UPDATE : Change.Kind.CREATE;
        int value = deletes ? values[item] : number;
        long before = planned == 0 ? 0 : changes[planned - 1].state();
        long after = before - digest(item, values[item]) + digest(item, deletes ? 0 : value);
        Change change = new Change(number, kind, item, value, after);
        values[item] = change.held();
        present += deletes ? -1 : there ? 0 : 1;
        written = deletes ? written : item;
        Change[] grown = planned == changes.length ? Arrays.copyOf(changes, planned * 2) : changes;
        grown[planned] = change;
        changes = grown;
        planned = number;
        return change;
    }

    /** Makes the next event known before it is sent. */
    Sent planEvent() {
        Sent event = new Sent(sent + 1, acknowledged);
        Sent[] grown = sent == events.length ? Arrays.copyOf(events, sent * 2) : events;
        grown[sent] = event;
        events = grown;
        sent = event.number();
        return event;
    }

    void acknowledged(Change change) {
        acknowledged = change.number();
    }

    /** How many changes are planned: the number of the last. */
    int planned() {
        return planned;
    }

    /** The number of the last that was acknowledged. */
    int acknowledged() {
        return acknowledged;
    }

    /** How many events are planned: the number of the last. */
    int sent() {
        return sent;
    }

    /** A change by its number; null if there is none yet. */
    @Nullable
    Change change(int number) {
        return number > 0 && number <= planned ? changes[number - 1] : null;
    }

    /** An event by its number; null if there is none yet. */
    @Nullable
    Sent event(int number) {
        return number > 0 && number <= sent ? events[number - 1] : null;
    }

    /**
     * Where in the log a snapshot was taken.
     *
     * @param view each item's number, 0 for those that are not there
     * @return the number of the last change it includes, or -1 if these values were never there together
     */
    int place(int[] view) {
        int place = 0;
        long state = 0;
        for (int item = 0; item < view.length; item++) {
            place = Math.max(place, view[item]);
            state += digest(item, view[item]);
        }
        // Whatever followed and is in it must have been deletes, which leave no number of their own.
        while (place < planned && changes[place].kind() == Change.Kind.DELETE && stateAt(place) != state) {
            place++;
        }
        return place <= planned && stateAt(place) == state ? place : -1;
    }

    private long stateAt(int number) {
        return number == 0 ? 0 : changes[number - 1].state();
    }

    private static long digest(int item, int value) {
        long mixed = value == 0 ? 0 : ((long) item << 32 | value) * 0x9e3779b97f4a7c15L;
        return mixed ^ mixed >>> 29;
    }

    /** What is there in the end. Only to be asked when nobody writes any more. */
    int[] values() {
        return values.clone();
    }
}
