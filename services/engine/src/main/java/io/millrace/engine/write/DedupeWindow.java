package io.millrace.engine.write;

import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** The mutations that took effect lately, and what their callers were told. Only for the writer's thread. */
final class DedupeWindow {
    private final long windowMs;
    private final int maxEntries;
    private final long maxBytes;
    private final LinkedHashMap<MutationId, Remembered> remembered = new LinkedHashMap<>();
    private long bytes;

    DedupeWindow(WriterConfig config) {
        this.windowMs = config.dedupeWindow().toMillis();
        this.maxEntries = config.dedupeMaxEntries();
        this.maxBytes = config.dedupeMaxBytes();
    }

    Reply.@Nullable Done find(MutationId id) {
        Remembered found = remembered.get(id);
        return found == null ? null : found.reply();
    }

    void remember(MutationId id, Reply.Done reply, int sizeBytes, long nowMs) {
        Remembered before = remembered.put(id, new Remembered(reply, sizeBytes, nowMs));
        bytes += sizeBytes - (before == null ? 0 : before.sizeBytes());
    }

    /** Forgets what is too old or too much. Says how many were forgotten before their time. */
    int trim(long nowMs) {
        int early = 0;
        Iterator<Remembered> oldest = remembered.values().iterator();
        while (oldest.hasNext()) {
            Remembered entry = oldest.next();
            boolean old = nowMs - entry.atMs() > windowMs;
            boolean tooMuch = remembered.size() > maxEntries || bytes > maxBytes;
            if (!old && !tooMuch) {
                break;
            }
            early += old ? 0 : 1;
            bytes -= entry.sizeBytes();
            oldest.remove();
        }
        return early;
    }

    void clear() {
        remembered.clear();
        bytes = 0;
    }

    int size() {
        return remembered.size();
    }

    private record Remembered(Reply.Done reply, int sizeBytes, long atMs) {}
}
