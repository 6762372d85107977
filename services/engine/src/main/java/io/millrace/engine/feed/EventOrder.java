package io.millrace.engine.feed;

import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail.Batch;
import io.millrace.engine.port.Tail.Told;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;

/**
 * Makes one order of the two topics of a partition: an event waits for the change that its sender knew to be committed.
 * Guarded by its feed.
 */
final class EventOrder {
    private final int mostBytes;
    private final Deque<Told> waiting = new ArrayDeque<>();
    private long waitingBytes;
    /** The last event that was read, though it may wait. */
    private long eventsRead;

    private Mark mark;

    /**
     * Nothing read yet.
     *
     * @param mostBytes how much may wait; beyond it the eldest goes on though its change has not come
     */
    EventOrder(int mostBytes, Mark start) {
        this.mostBytes = mostBytes;
        this.mark = start;
        this.eventsRead = start.event();
    }

    /** How far all has been told. */
    Mark mark() {
        return mark;
    }

    /** Whether events wait for changes. */
    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Takes a batch in and tells what is due, each with the mark that is the first to include it. */
    void read(Batch batch, BiConsumer<Told, Mark> told) {
        switch (batch.source()) {
            case CHANGE -> {
                for (Told change : batch.told()) {
                    changesThrough(change.offset() - 1, told);
                    mark = new Mark(change.offset(), mark.event());
                    told.accept(change, mark);
                }
                changesThrough(batch.through(), told);
            }
            case EVENT -> {
                for (Told event : batch.told()) {
                    waiting.add(event);
                    waitingBytes += event.frame().sizeBytes();
                }
                eventsRead = Math.max(eventsRead, batch.through());
                release(mark.change(), told);
            }
        }
    }

    private void changesThrough(long offset, BiConsumer<Told, Mark> told) {
        mark = new Mark(Math.max(offset, mark.change()), mark.event());
        release(mark.change(), told);
    }

    /** Tells all events that wait, whatever they wait for. */
    void release(BiConsumer<Told, Mark> told) {
        release(Long.MAX_VALUE, told);
    }

    private void release(long change, BiConsumer<Told, Mark> told) {
        while (!waiting.isEmpty() && (waiting.element().after() <= change || waitingBytes > mostBytes)) {
            Told event = waiting.remove();
            waitingBytes -= event.frame().sizeBytes();
            mark = new Mark(mark.change(), event.offset());
            told.accept(event, mark);
        }
        if (waiting.isEmpty()) {
            mark = new Mark(mark.change(), eventsRead);
        }
    }
}
