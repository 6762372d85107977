package io.millrace.engine.function;

import io.millrace.core.address.Unit;
import io.millrace.core.value.JsonText;
import io.millrace.engine.read.Cut;
import io.millrace.engine.read.Reads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Lists the values of a unit, in the order of their record keys, from one exact snapshot. */
final class Lists {
    private final Reads reads;
    private final Executor executor;
    private final int maxListBytes;

    /** Snapshots are walked through on {@code executor}, never on the thread that took them. */
    Lists(Reads reads, Executor executor, int maxListBytes) {
        this.reads = reads;
        this.executor = executor;
        this.maxListBytes = maxListBytes;
    }

    CompletionStage<Outcome> list(Request request, Unit unit) {
        Page page = Page.read(request, unit);
        if (page.isEmpty()) {
            JsonText nothing = new JsonText().raw(page.keys() ? "{\"items\":[]}" : "[]");
            return CompletableFuture.completedStage(new Outcome.Result(nothing.toJson()));
        }
        return reads.cut(unit, page.from(), page.to(), request.deadline()).thenCompose(cut -> {
            try {
                return CompletableFuture.supplyAsync(() -> write(cut, page, request), executor);
            } catch (RejectedExecutionException e) {
                cut.close();
                throw e;
            }
        });
    }

    private Outcome write(Cut cut, Page page, Request request) {
        try (cut) {
            return page.keys() ? items(cut, page) : values(cut, page, request);
        }
    }

    private Outcome values(Cut cut, Page page, Request request) {
        JsonText text = new JsonText().raw("[");
        for (int i = 0; i < page.limit() && cut.hasNext(); i++) {
            Cut.Entry entry = cut.next();
            if ((long) text.sizeBytes() + entry.value().sizeBytes() + 2 > maxListBytes) {
                return request.storeFailure()
                        .because("the result exceeds " + maxListBytes
                                + " bytes; ask in parts, with keys, limit and cursor");
            }
            text.raw(i == 0 ? "" : ",").json(entry.value());
        }
        return new Outcome.Result(text.raw("]").toJson());
    }

    /** A page ends at its limit or where it would become too large, whichever comes first, but has at least one item. */
    private Outcome items(Cut cut, Page page) {
        JsonText text = new JsonText().raw("{\"items\":[");
        String last = null;
        for (int i = 0; i < page.limit() && cut.hasNext(); i++) {
            Cut.Entry entry = cut.next();
            String name = entry.name();
            if (i > 0 && (long) text.sizeBytes() + itemBytes(entry) > maxListBytes) {
                return page(text, last);
            }
            text.raw(i == 0 ? "{\"key\":" : ",{\"key\":").quoted(name);
            text.raw(",\"value\":").json(entry.value());
            text.raw(",\"version\":").number(entry.version().micros()).raw("}");
            last = name;
        }
        return page(text, cut.hasNext() ? last : null);
    }

    /** About as much as the item takes, and a cursor after it. */
    private static int itemBytes(Cut.Entry entry) {
        return 64 + entry.value().sizeBytes() + 2 * entry.key().array().length;
    }

    private static Outcome page(JsonText text, @Nullable String last) {
        text.raw("]");
        if (last != null) {
            text.raw(",\"cursor\":").quoted(Page.cursor(last));
        }
        return new Outcome.Result(text.raw("}").toJson());
    }
}
