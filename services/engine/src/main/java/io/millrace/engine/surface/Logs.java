package io.millrace.engine.surface;

import io.millrace.core.value.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What programs have logged of late: passed on to whoever wants to know, and kept for a while. Calls may come from any
 * thread.
 */
public final class Logs {
    private static final int MOST_BYTES = 4 << 20;

    private final Deque<Kept> kept = new ArrayDeque<>();
    private final List<Consumer<Kept>> listeners = new CopyOnWriteArrayList<>();
    private final Consumer<LogRecord> printer;
    private final int most;
    private long bytes;

    /** A record and its JSON. */
    record Kept(LogRecord record, Json json) {}

    /**
     * Nothing yet.
     *
     * @param most how many records are kept, the latest, of at most 4 MiB
     * @param printer gets every record, on the thread that adds it
     */
    public Logs(int most, Consumer<LogRecord> printer) {
        this.most = most;
        this.printer = printer;
    }

    /** Takes a record in. */
    public void add(LogRecord record) {
        Kept added = new Kept(record, record.toJson());
        synchronized (kept) {
            kept.addLast(added);
            bytes += added.json().sizeBytes();
            while (kept.size() > most || bytes > MOST_BYTES) {
                bytes -= kept.removeFirst().json().sizeBytes();
            }
        }
        printer.accept(record);
        listeners.forEach(listener -> listener.accept(added));
    }

    void listen(Consumer<Kept> listener) {
        listeners.add(listener);
    }

    /** What is kept, latest first. */
    List<Kept> latest() {
        synchronized (kept) {
            return new ArrayList<>(kept.reversed());
        }
    }

    void clear() {
        synchronized (kept) {
            kept.clear();
            bytes = 0;
        }
    }
}
