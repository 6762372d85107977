package io.millrace.engine.presence;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.core.value.UnreadableTextException;
import io.millrace.engine.gate.Visit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The records of the presence log, and the JSON of a subscription as it is listed: they are the same. */
public final class PresenceRecord {
    private PresenceRecord() {}

    /** The value of a start's record. */
    public static Json start(String node, long startMs) {
        return new JsonText()
                .raw("{\"node\":")
                .quoted(node)
                .raw(",\"since\":")
                .number(startMs)
                .raw("}")
                .toJson();
    }

    /**
     * The value of a start's record when another node tells the leaves of those who were there.
     *
     * @param goneMs when the death was noticed, in milliseconds since 1970
     * @param teller the node that tells them, and when its life began
     */
    public static Json claim(String node, long startMs, long goneMs, String teller, long tellerStartMs) {
        return new JsonText()
                .raw("{\"node\":")
                .quoted(node)
                .raw(",\"since\":")
                .number(startMs)
                .raw(",\"gone\":")
                .number(goneMs)
                .raw(",\"teller\":")
                .quoted(teller)
                .raw(",\"teller_start\":")
                .number(tellerStartMs)
                .raw("}")
                .toJson();
    }

    /** A subscription: what its leave is told with, where it is, and since when. */
    public static Json subscription(Visit visit, String node, long sinceMs) {
        JsonText text = new JsonText(320);
        write(text, visit, node, sinceMs);
        return text.toJson();
    }

    static void write(JsonText text, Visit visit, String node, long sinceMs) {
        Group group = visit.group();
        text.raw("{\"subscription_id\":").quoted(visit.subscriptionId());
        text.raw(",\"stream_name\":").quoted(group.streamName());
        text.raw(",\"group_id\":").quoted(group.groupId());
        text.raw(",\"id\":");
        if (visit.itemId() == null) {
            text.raw("null");
        } else {
            text.quoted(visit.itemId());
        }
        Json context = visit.context();
        text.raw(",\"context\":").json(context == null ? Json.NULL : context);
        text.raw(",\"node\":").quoted(node);
        text.raw(",\"since\":").number(sinceMs).raw("}");
    }

    /** The subscription in a record's value, of no socket that is open; null if it is none. */
    static @Nullable Visit visit(Json value) {
        try {
            JsonNode tree = value.tree();
            JsonNode subscription = tree.path("subscription_id");
            JsonNode stream = tree.path("stream_name");
            JsonNode group = tree.path("group_id");
            JsonNode item = tree.path("id");
            JsonNode context = tree.path("context");
            boolean ours = subscription.isString() && stream.isString() && group.isString();
            return !ours
                    ? null
                    : new Visit(
                            0,
                            subscription.stringValue(),
                            new Group(stream.stringValue(), group.stringValue()),
                            item.isString() ? item.stringValue() : null,
                            context.isMissingNode() || context.isNull()
                                    ? null
                                    : Json.ofTrusted(Json.of(context).utf8())); // many may be kept: no trees
        } catch (UnreadableTextException e) {
            return null;
        }
    }
}
