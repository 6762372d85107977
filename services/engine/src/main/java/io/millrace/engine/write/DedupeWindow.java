package io.millrace.engine.write;

import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import org.jspecify.annotations.Nullable;

/** The mutations that took effect lately, and what their callers were told. Only for the writer's thread. */
final class DedupeWindow {
    private final long windowMs;
    private final int maxEntries;
    private final long maxBytes;
    private final RepliesById remembered = new RepliesById();

    DedupeWindow(WriterConfig config) {
        this.windowMs = config.dedupeWindow().toMillis();
        this.maxEntries = config.dedupeMaxEntries();
        this.maxBytes = config.dedupeMaxBytes();
    }

    Reply.@Nullable Done find(MutationId id) {
        return remembered.find(id);
    }

    void remember(MutationId id, Reply.Done reply, long nowMs) {
        remembered.put(id, reply, nowMs);
    }

    /** Forgets what is too old or too much. Says how many were forgotten before their time. */
    int trim(long nowMs) {
        int early = 0;
        while (remembered.size() > 0) {
            boolean old = nowMs - remembered.oldestMs() > windowMs;
            boolean tooMuch = remembered.size() > maxEntries || remembered.sizeBytes() > maxBytes;
            if (!old && !tooMuch) {
                break;
            }
            early += old ? 0 : 1;
            remembered.removeOldest();
        }
        return early;
    }

    void clear() {
        remembered.clear();
    }

    int size() {
        return remembered.size();
    }
}
