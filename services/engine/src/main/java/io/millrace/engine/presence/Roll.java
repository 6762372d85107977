package io.millrace.engine.presence;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.gate.Visit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What nodes ask each other, and answer, about the subscribers of a group. */
final class Roll {
    /** The kind of question. */
    static final String KIND = "subscribers";

    /** Of one in an answer, beside its texts. */
    private static final int WRAPPING_BYTES = 160;

    private Roll() {}

    /**
     * What is asked.
     *
     * @param itemId null for all of the group
     * @param after only those after it
     * @param limit the most to give; 0 to have them counted only
     * @param bytes about the most that they may take; one is given in any case
     */
    record Question(Group group, @Nullable String itemId, Mark after, int limit, long bytes) {
        byte[] toBytes() {
            JsonText text = new JsonText().raw("{\"stream_name\":").quoted(group.streamName());
            text.raw(",\"group_id\":").quoted(group.groupId());
            if (itemId != null) {
                text.raw(",\"item_id\":").quoted(itemId);
            }
            text.raw(",\"start\":").number(after.startMs());
            text.raw(",\"after\":").number(after.number());
            text.raw(",\"limit\":").number(limit).raw(",\"bytes\":").number(bytes);
            return text.raw("}").taken();
        }

        static Question of(byte[] body) {
            JsonNode tree = Json.ofTrusted(body).tree();
            JsonNode item = tree.path("item_id");
            return new Question(
                    new Group(
                            tree.path("stream_name").asString(""),
                            tree.path("group_id").asString("")),
                    item.isString() ? item.stringValue() : null,
                    new Mark(tree.path("start").asLong(0), tree.path("after").asLong(0)),
                    tree.path("limit").asInt(0),
                    tree.path("bytes").asLong(0));
        }
    }

    /**
     * A place in a node's subscriptions.
     *
     * @param startMs the life of the node; in another one it is the beginning
     * @param number of the last subscription before it
     */
    record Mark(long startMs, long number) {
        static final Mark BEGINNING = new Mark(0, 0);
    }

    /** One, as it is listed, and the place behind it. */
    record One(Mark mark, Json json) {}

    /**
     * What a node has answered.
     *
     * @param more whether some come after these
     */
    record Part(String node, List<One> ones, int count, boolean more) {
        byte[] toBytes(long startMs) {
            JsonText text = new JsonText()
                    .raw("{\"start\":")
                    .number(startMs)
                    .raw(",\"count\":")
                    .number(count)
                    .raw(",\"more\":")
                    .raw(more ? "true" : "false")
                    .raw(",\"numbers\":[");
            String separator = "";
            for (One one : ones) {
                text.raw(separator).number(one.mark().number());
                separator = ",";
            }
            text.raw("],\"subscribers\":[");
            separator = "";
            for (One one : ones) {
                text.raw(separator).json(one.json());
                separator = ",";
            }
            return text.raw("]}").taken();
        }

        static Part of(String node, byte[] answer) {
            JsonNode tree = Json.ofTrusted(answer).tree();
            long startMs = tree.path("start").asLong(0);
            JsonNode numbers = tree.path("numbers");
            JsonNode all = tree.path("subscribers");
            List<One> ones = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                ones.add(new One(new Mark(startMs, numbers.path(i).asLong(0)), Json.of(all.get(i))));
            }
            return new Part(
                    node, ones, tree.path("count").asInt(0), tree.path("more").asBoolean(false));
        }
    }

    /** This node's part. */
    static Part part(PresenceConfig config, Registry registry, Question question) {
        boolean same = question.after().startMs() == config.startMs();
        Registry.Part found = registry.part(
                question.group(), question.itemId(), same ? question.after().number() : 0, question.limit());
        List<One> ones = new ArrayList<>();
        boolean more = found.more();
        long bytes = 0;
        for (Entry entry : found.entries()) {
            bytes += bytes(entry, config.node());
            if (bytes > question.bytes() && !ones.isEmpty()) {
                more = true;
                break;
            }
            ones.add(new One(
                    new Mark(config.startMs(), entry.number()),
                    PresenceRecord.subscription(entry.visit(), config.node(), entry.sinceMs())));
        }
        return new Part(config.node(), ones, found.count(), more);
    }

    /** About what it takes, rather more than less. */
    private static long bytes(Entry entry, String node) {
        Visit visit = entry.visit();
        String itemId = visit.itemId();
        long characters = (long) visit.subscriptionId().length()
                + visit.group().streamName().length()
                + visit.group().groupId().length()
                + (itemId == null ? 0 : itemId.length())
                + node.length();
        return WRAPPING_BYTES
                + 3 * characters
                + (visit.context() == null ? 0 : visit.context().sizeBytes());
    }
}
