package io.millrace.engine.channel;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue between one writer and one reader. Calls may come from any thread; the ends' signals are called on the
 * thread of the other end, without any lock, and must return at once.
 */
public final class Channel {
    private final String id;
    private final String key;
    private final int mostItems;
    private final int mostBytes;
    private final Instant created;
    private final Queue<Item> items = new ArrayDeque<>();
    private int bytes;
    private boolean full;
    private boolean ended;
    private boolean abandoned;
    private @Nullable Runnable writerSignal;
    private @Nullable Runnable readerSignal;

    Channel(String id, String key, int mostItems, int mostBytes, Instant created) {
        this.id = id;
        this.key = key;
        this.mostItems = mostItems;
        this.mostBytes = mostBytes;
        this.created = created;
    }

    /**
     * Takes the writer's end.
     *
     * @param signal called when there is room again, and when the reader is gone
     * @return false if somebody has it already
     */
    public synchronized boolean claimWriter(Runnable signal) {
        if (writerSignal != null) {
            return false;
        }
        writerSignal = signal;
        return true;
    }

    /**
     * Takes the reader's end. What was written before is there to be read.
     *
     * @param signal called when there is something to read again, and when the writer has ended
     * @return false if somebody has it already
     */
    public synchronized boolean claimReader(Runnable signal) {
        if (readerSignal != null) {
            return false;
        }
        readerSignal = signal;
        return true;
    }

    /**
     * Writes an item, which is lost if the reader is gone.
     *
     * @return whether the next one may be written at once; otherwise the writer waits for its signal
     */
    public boolean write(Item item) {
        Runnable told;
        boolean room;
        synchronized (this) {
            if (abandoned || ended) {
                return true;
            }
            items.add(item);
            bytes += item.sizeBytes();
            full = items.size() >= mostItems || bytes >= mostBytes;
            room = !full;
            told = items.size() == 1 ? orNothing(readerSignal) : Channel::nothing;
        }
        told.run();
        return room;
    }

    /** Nothing more will be written. */
    public void end() {
        Runnable told;
        synchronized (this) {
            told = ended ? Channel::nothing : orNothing(readerSignal);
            ended = true;
        }
        told.run();
    }

    /** The next item, or null if there is none now; then the reader waits for its signal, unless {@link #isEnded()}. */
    public @Nullable Item poll() {
        Runnable told = Channel::nothing;
        Item item;
        synchronized (this) {
            item = items.poll();
            bytes -= item == null ? 0 : item.sizeBytes();
            if (full && items.size() <= mostItems / 2 && bytes <= mostBytes / 2) {
                full = false;
                told = orNothing(writerSignal);
            }
        }
        told.run();
        return item;
    }

    /** Whether everything has been read and nothing more will be written. */
    public synchronized boolean isEnded() {
        return ended && items.isEmpty();
    }

    /** The reader is gone: what is written from now on is lost. */
    public void abandon() {
        Runnable told;
        synchronized (this) {
            told = abandoned ? Channel::nothing : orNothing(writerSignal);
            abandoned = true;
            full = false;
            items.clear();
            bytes = 0;
        }
        told.run();
    }

    /** Whether the writer is to wait for its signal. */
    public synchronized boolean isFull() {
        return full;
    }

    /** Whether the reader is gone. */
    public synchronized boolean isAbandoned() {
        return abandoned;
    }

    /** Whether nobody needs it any more: whoever would want an end has had it. */
    synchronized boolean isOver() {
        return isClaimed() && (abandoned || (ended && items.isEmpty()));
    }

    synchronized boolean isClaimed() {
        return writerSignal != null && readerSignal != null;
    }

    private static void nothing() {}

    private static Runnable orNothing(@Nullable Runnable signal) {
        return signal == null ? Channel::nothing : signal;
    }

    /** {@code {"channel_id","access_key","direction":"write"}}: what a worker makes the writer's end of. */
    public Json writerRef() {
        return ref("write");
    }

    /** {@code {"channel_id","access_key","direction":"read"}}: what a worker makes the reader's end of. */
    public Json readerRef() {
        return ref("read");
    }

    private Json ref(String direction) {
        JsonText text = new JsonText().raw("{\"channel_id\":").quoted(id).raw(",\"access_key\":");
        return text.quoted(key)
                .raw(",\"direction\":")
                .quoted(direction)
                .raw("}")
                .toJson();
    }

    /** Its id. */
    public String id() {
        return id;
    }

    String key() {
        return key;
    }

    Instant created() {
        return created;
    }
}
