package io.millrace.engine.feed;

import io.millrace.engine.port.History;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail.Batch;
import io.millrace.engine.port.Tail.Source;
import io.millrace.engine.port.Tail.Told;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** One reading of a partition's log: the newest of it that there is room for. */
final class Replay implements History.Reader {
    private final Mark needed;
    private final Mark through;
    private final int mostBytes;
    private final Deque<Told> changes = new ArrayDeque<>();
    private final Deque<Told> events = new ArrayDeque<>();
    private long bytes;
    /** Everything after it has been kept. */
    private Mark after;

    private int records;

    /**
     * Nothing read yet.
     *
     * @param needed everything after it is needed, before it a little more than that
     */
    Replay(Mark after, Mark needed, Mark through, int mostBytes) {
        this.after = after;
        this.needed = needed;
        this.through = through;
        this.mostBytes = mostBytes;
    }

    Mark through() {
        return through;
    }

    int records() {
        return records;
    }

    @Override
    public void read(Batch batch) {
        Deque<Told> kept = batch.source() == Source.CHANGE ? changes : events;
        for (Told told : batch.told()) {
            records++;
            kept.add(told);
            bytes += told.frame().sizeBytes();
            while (bytes > mostBytes) {
                drop(kept.remove());
            }
        }
    }

    private void drop(Told oldest) {
        bytes -= oldest.frame().sizeBytes();
        after = after.orLater(
                switch (oldest.source()) {
                    case CHANGE -> new Mark(oldest.offset(), -1);
                    case EVENT -> new Mark(-1, oldest.offset());
                });
    }

    /** From where on everything has been kept that was there after {@code found}; no later than where it ends. */
    Mark after(Mark found) {
        Mark kept = after.orLater(found);
        return new Mark(Math.min(kept.change(), through.change()), Math.min(kept.event(), through.event()));
    }

    /** What has been kept, in one order as near as possible to that of its being written, events after what they follow. */
    List<Delivery> deliveries(Mark found, Stamp stamp) {
        align(after(found));
        List<Delivery> all = new ArrayList<>(changes.size() + events.size());
        EventOrder order = new EventOrder(Integer.MAX_VALUE, after(found));
        while (!changes.isEmpty() || !events.isEmpty()) {
            Told next = isChangeNext() ? changes.remove() : events.remove();
            order.read(
                    new Batch(next.source(), List.of(next), next.offset()),
                    (told, mark) -> all.add(new Delivery(told, mark, stamp)));
        }
        order.release((told, mark) -> all.add(new Delivery(told, mark, stamp)));
        return all;
    }

    /** Gives up changes that nobody needs and that events before this may follow: read later, those would overtake them. */
    private void align(Mark from) {
        Told event = events.peek();
        long firstMs = event == null ? Long.MAX_VALUE : event.timestampMs();
        Told change = changes.peek();
        while (from.event() >= 0
                && change != null
                && change.offset() <= needed.change()
                && change.timestampMs() <= firstMs) {
            drop(changes.remove());
            change = changes.peek();
        }
    }

    private boolean isChangeNext() {
        Told change = changes.peek();
        Told event = events.peek();
        return event == null || (change != null && change.timestampMs() <= event.timestampMs());
    }
}
