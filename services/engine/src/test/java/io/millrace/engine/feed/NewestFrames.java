package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail.Told;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Of each item, and of each type of event, the newest one comes in the end, and none after a later one. */
final class NewestFrames implements Account {
    private final Wish wish;
    private Topics log = new Topics();
    private Mark base = Mark.START;
    private boolean eventsKnown;
    private final Map<String, Long> newest = new HashMap<>();

    NewestFrames(Wish wish) {
        this.wish = wish;
    }

    @Override
    public void synced(Topics log, long change, @Nullable Long event, long eventFloor) {
        this.log = log;
        this.eventsKnown = event != null;
        this.base = new Mark(change, event == null ? eventFloor : event);
        newest.clear();
    }

    @Override
    public void told(Told told) {
        assertThat(wish.isFor(told)).as("somebody wants %s", told).isTrue();
        Long before = newest.put(subject(told), told.offset());
        switch (told.source()) {
            case CHANGE ->
                assertThat(told.offset()).as("a change of %s", subject(told)).isGreaterThan(base.change());
            case EVENT -> {
                if (eventsKnown) {
                    assertThat(told.offset())
                            .as("an event of %s", subject(told))
                            .isGreaterThan(base.event());
                }
                assertThat(lacks(log.allChanges, base.change(), told.after()))
                        .as("a change before event %s, sent after change %s", told.offset(), told.after())
                        .isNull();
            }
        }
        if (before != null) {
            assertThat(told.offset()).as("what comes of %s", subject(told)).isGreaterThan(before);
        }
    }

    private static String subject(Told told) {
        return switch (told.source()) {
            case CHANGE -> "item " + Wish.itemOf(told);
            case EVENT ->
                "type "
                        + told.frame()
                                .tree()
                                .path("event")
                                .path("event")
                                .path("type")
                                .asString();
        };
    }

    /** A record in {@code (low, high]} of whose subject neither it nor a later one has come, or will come. */
    private @Nullable Told lacks(NavigableMap<Long, Told> records, long low, long high) {
        Set<String> later = new HashSet<>();
        for (Told told : records.tailMap(low, false).descendingMap().values()) {
            boolean last = wish.isFor(told) && later.add(subject(told));
            if (last && told.offset() <= high && newest.getOrDefault(subject(told), -1L) < told.offset()) {
                return told;
            }
        }
        return null;
    }

    @Override
    public boolean standsAt(Mark mark) {
        return lacks(log.allChanges, base.change(), mark.change()) == null
                && lacks(log.allEvents, base.event(), mark.event()) == null
                && nothingAfter(mark);
    }

    /** Nothing comes again that is in the snapshot or has been told. */
    private boolean nothingAfter(Mark mark) {
        boolean snapshotAgain = wish.meets(log.allChanges, mark.change(), base.change())
                || (eventsKnown && wish.meets(log.allEvents, mark.event(), base.event()));
        boolean toldAgain = newest.entrySet().stream()
                .anyMatch(told -> told.getValue() > (told.getKey().startsWith("item") ? mark.change() : mark.event()));
        return !snapshotAgain && !toldAgain;
    }

    @Override
    public Mark mark() {
        return base;
    }

    @Override
    public void complete() {
        assertThat(lacks(log.allChanges, base.change(), Long.MAX_VALUE))
                .as("a change that did not come")
                .isNull();
        assertThat(lacks(log.allEvents, base.event(), Long.MAX_VALUE))
                .as("an event that did not come")
                .isNull();
    }

    @Override
    public String toString() {
        return "snapshot " + base + ", newest " + newest;
    }
}
