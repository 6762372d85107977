package io.millrace.web.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The questions of one connection that wait for an answer. Thread-safe. */
final class OpenAsks {
    private final int most;
    private final Map<Long, OpenAsk> open = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong lastId = new AtomicLong();

    /** One question. Times are those of {@link System#nanoTime}. */
    record OpenAsk(long id, long askedNanos, long deadlineNanos, CompletableFuture<byte[]> reply) {}

    OpenAsks(int most) {
        this.most = most;
    }

    /** A new one, or null if there are too many. */
    @Nullable
    OpenAsk add(long nowNanos, long leftNanos) {
        if (size.incrementAndGet() > most) {
            size.decrementAndGet();
            return null;
        }
        OpenAsk ask = new OpenAsk(lastId.incrementAndGet(), nowNanos, nowNanos + leftNanos, new CompletableFuture<>());
        open.put(ask.id(), ask);
        return ask;
    }

    /** Takes one out, once. */
    @Nullable
    OpenAsk take(long id) {
        OpenAsk taken = open.remove(id);
        if (taken != null) {
            size.decrementAndGet();
        }
        return taken;
    }

    /** Takes those out whose time is over. */
    List<OpenAsk> takeOverdue(long nowNanos) {
        return take(ask -> ask.deadlineNanos() - nowNanos <= 0);
    }

    /** Takes all out. */
    List<OpenAsk> takeAll() {
        return take(ask -> true);
    }

    private List<OpenAsk> take(Predicate<OpenAsk> wanted) {
        List<OpenAsk> taken = new ArrayList<>();
        for (OpenAsk ask : open.values()) {
            if (wanted.test(ask) && take(ask.id()) != null) {
                taken.add(ask);
            }
        }
        return taken;
    }
}
