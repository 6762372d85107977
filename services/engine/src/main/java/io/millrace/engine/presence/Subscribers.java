package io.millrace.engine.presence;

import io.millrace.core.address.Group;
import io.millrace.core.value.JsonText;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.MalformedRequestException;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.function.Payload;
import io.millrace.engine.gate.Visit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** {@code stream::subscribers}: who is subscribed to a group. */
record Subscribers(PresenceConfig config, Registry registry, Executor executor) {
    private static final int MOST = 10_000;
    /** Of one in an answer, beside its texts. */
    private static final int WRAPPING_BYTES = 160;

    LocalFunction function() {
        return Payload.function(
                "stream::subscribers",
                "List who is subscribed to a stream group",
                "STREAM_SUBSCRIBERS_ERROR",
                this::list);
    }

    private CompletionStage<Outcome> list(Payload payload) {
        Group group = new Group(payload.text("stream_name"), payload.text("group_id"));
        String itemId = payload.optionalText("item_id");
        int limit = payload.integer("limit", 1, MOST, Integer.MAX_VALUE);
        long after = after(payload.optionalText("cursor"));
        return CompletableFuture.supplyAsync(() -> page(registry.part(group, itemId, after, limit)), executor);
    }

    private static long after(@Nullable String cursor) {
        try {
            return cursor == null ? 0 : Long.parseLong(cursor, Character.MAX_RADIX);
        } catch (NumberFormatException e) {
            throw new MalformedRequestException("invalid value: `cursor`, expected the cursor of an earlier page");
        }
    }

    /** A page ends at its limit or where it would become too large, whichever comes first, but has at least one. */
    private Outcome page(Registry.Part part) {
        JsonText text = new JsonText().raw("{\"subscribers\":[");
        long last = 0;
        boolean more = part.more();
        for (Entry entry : part.entries()) {
            if (last > 0) {
                if ((long) text.sizeBytes() + bytes(entry) > config.maxListBytes()) {
                    more = true;
                    break;
                }
                text.raw(",");
            }
            PresenceRecord.write(text, entry.visit(), config.node(), entry.sinceMs());
            last = entry.number();
        }
        text.raw("],\"count\":").number(part.count());
        if (more) {
            text.raw(",\"cursor\":").quoted(Long.toString(last, Character.MAX_RADIX));
        }
        return new Outcome.Result(text.raw("}").toJson());
    }

    /** About what it takes, rather more than less. */
    private long bytes(Entry entry) {
        Visit visit = entry.visit();
        String itemId = visit.itemId();
        long characters = (long) visit.subscriptionId().length()
                + visit.group().streamName().length()
                + visit.group().groupId().length()
                + (itemId == null ? 0 : itemId.length())
                + config.node().length();
        return WRAPPING_BYTES
                + 3 * characters
                + (visit.context() == null ? 0 : visit.context().sizeBytes());
    }
}
