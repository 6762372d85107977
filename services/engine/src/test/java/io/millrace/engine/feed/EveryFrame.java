package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail.Told;
import org.jspecify.annotations.Nullable;

/** Every change and every event comes once, each topic in order, and an event after the change it names. */
final class EveryFrame implements Account {
    private final Wish wish;
    private Topics log = new Topics();
    private long change = -1;
    private @Nullable Long event;
    private long eventFloor = -1;

    EveryFrame(Wish wish) {
        this.wish = wish;
    }

    @Override
    public void synced(Topics log, long change, @Nullable Long event, long eventFloor) {
        this.log = log;
        this.change = change;
        this.event = event;
        this.eventFloor = eventFloor;
    }

    @Override
    public void told(Told told) {
        switch (told.source()) {
            case CHANGE -> {
                assertThat(told).as("the change after %s", change).isEqualTo(wish.firstAfter(log.allChanges, change));
                change = told.offset();
            }
            case EVENT -> {
                Told next = wish.firstAfter(log.allEvents, event == null ? eventFloor : event);
                if (event != null) {
                    assertThat(told).as("the event after %s", event).isEqualTo(next);
                } else if (next != null) {
                    assertThat(told.offset())
                            .as("the first event, or an earlier one")
                            .isLessThanOrEqualTo(next.offset());
                }
                event = told.offset();
                assertThat(wish.meets(log.allChanges, change, told.after()))
                        .as("event %s, sent after change %s, overtakes one after %s", event, told.after(), change)
                        .isFalse();
            }
        }
    }

    @Override
    public boolean standsAt(Mark mark) {
        long told = event == null ? mark.event() : event;
        return !wish.meets(log.allChanges, Math.min(change, mark.change()), Math.max(change, mark.change()))
                && !wish.meets(log.allEvents, Math.min(told, mark.event()), Math.max(told, mark.event()));
    }

    @Override
    public Mark mark() {
        return new Mark(change, event == null ? eventFloor : event);
    }

    @Override
    public void complete() {
        assertThat(wish.firstAfter(log.allChanges, change))
                .as("a change that did not come")
                .isNull();
        assertThat(wish.firstAfter(log.allEvents, mark().event()))
                .as("an event that did not come")
                .isNull();
    }

    @Override
    public String toString() {
        return "every frame through change " + change + " and event " + event;
    }
}
