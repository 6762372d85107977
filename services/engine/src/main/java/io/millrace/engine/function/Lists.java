package io.millrace.engine.function;

import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Unit;
import io.millrace.core.value.JsonText;
import io.millrace.engine.read.Cut;
import io.millrace.engine.read.Reads;
import io.millrace.engine.read.Sighting;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Lists the values of a unit, in the order of their record keys, from one exact snapshot. */
final class Lists {
    private static final int ATTEMPTS = 5;

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
        boolean staleOk = request.staleOk();
        if (page.isEmpty() && !staleOk) {
            JsonText nothing = new JsonText().raw(page.keys() ? "{\"items\":[]}" : "[]");
            return CompletableFuture.completedStage(new Outcome.Result(nothing.toJson()));
        }
        return list(request, unit, page, staleOk, ATTEMPTS);
    }

    /** A snapshot whose owner goes away while it is walked through is taken again: nobody has seen anything of it yet. */
    private CompletionStage<Outcome> list(Request request, Unit unit, Page page, boolean staleOk, int attempts) {
        return sighting(request, unit, page, staleOk).thenCompose(sighting -> {
            CompletionStage<Outcome> written;
            try {
                written = CompletableFuture.supplyAsync(() -> write(sighting, page, staleOk, request), executor);
            } catch (RejectedExecutionException e) {
                sighting.close();
                throw e;
            }
            return written.exceptionallyCompose(failure -> attempts > 1 && StoreFailure.isGone(failure)
                    ? list(request, unit, page, staleOk, attempts - 1)
                    : CompletableFuture.failedStage(failure));
        });
    }

    private CompletionStage<Sighting> sighting(Request request, Unit unit, Page page, boolean staleOk) {
        RecordKey from = page.start();
        return staleOk
                ? reads.cutOrCopy(unit, from, page.to(), request.deadline())
                : reads.cut(unit, from, page.to(), request.deadline()).thenApply(Sighting::ofOwner);
    }

    private Outcome write(Sighting sighting, Page page, boolean staleOk, Request request) {
        try (sighting) {
            JsonText text = new JsonText().raw(page.keys() || staleOk ? "{\"items\":[" : "[");
            if (page.keys()) {
                String cursor = items(text, sighting.cut(), page);
                text.raw("]");
                if (cursor != null) {
                    text.raw(",\"cursor\":").quoted(Page.cursor(cursor));
                }
            } else if (values(text, sighting.cut(), page)) {
                text.raw("]");
            } else {
                return request.storeFailure()
                        .because("the result exceeds " + maxListBytes
                                + " bytes; ask in parts, with keys, limit and cursor");
            }
            if (staleOk) {
                Results.provenance(text, sighting);
            }
            return new Outcome.Result((page.keys() || staleOk ? text.raw("}") : text).toJson());
        }
    }

    /** Writes the values. Says whether there was room for all. */
    private boolean values(JsonText text, Cut cut, Page page) {
        for (int i = 0; i < page.limit() && cut.hasNext(); i++) {
            Cut.Entry entry = cut.next();
            if ((long) text.sizeBytes() + entry.value().sizeBytes() + 2 > maxListBytes) {
                return false;
            }
            text.raw(i == 0 ? "" : ",").json(entry.value());
        }
        return true;
    }

    /**
     * Writes a page, which ends at its limit or where it would become too large, whichever comes first, but has at least one
     * item. Returns after what the next one begins; null if there is none.
     */
    private @Nullable String items(JsonText text, Cut cut, Page page) {
        String last = null;
        for (int i = 0; i < page.limit() && cut.hasNext(); i++) {
            Cut.Entry entry = cut.next();
            String name = entry.name();
            if (i > 0 && (long) text.sizeBytes() + itemBytes(entry) > maxListBytes) {
                return last;
            }
            text.raw(i == 0 ? "{\"key\":" : ",{\"key\":").quoted(name);
            text.raw(",\"value\":").json(entry.value());
            text.raw(",\"version\":").number(entry.version().micros()).raw("}");
            last = name;
        }
        return cut.hasNext() ? last : null;
    }

    /** About as much as the item takes, and a cursor after it. */
    private static int itemBytes(Cut.Entry entry) {
        return 64 + entry.value().sizeBytes() + 2 * entry.key().array().length;
    }
}
