package io.millrace.engine.route;

import io.millrace.core.address.Space;
import io.millrace.core.value.JsonSpans;
import io.millrace.core.value.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a node tells of the partitions it serves: {@code {"all":true,"partitions":[{"space":"state","partition":3,
 * "since":17}]}}.
 *
 * @param all whether it serves no others; else the others are as they were
 * @param since the offset of the barrier since which it serves each; -1: not any more
 */
record Owned(boolean all, Map<Partition, Long> since) {
    /** A partition of a space. */
    record Partition(Space space, int number) {}

    byte[] bytes() {
        JsonText text = new JsonText(64 + 64 * since.size())
                .raw(all ? "{\"all\":true,\"partitions\":[" : "{\"all\":false,\"partitions\":[");
        String separator = "";
        for (Map.Entry<Partition, Long> each : since.entrySet()) {
            text.raw(separator).raw("{\"space\":").quoted(name(each.getKey().space()));
            text.raw(",\"partition\":").number(each.getKey().number());
            text.raw(",\"since\":").number(each.getValue()).raw("}");
            separator = ",";
        }
        return text.raw("]}").bytes();
    }

    static Owned read(byte[] utf8) {
        boolean all = false;
        Map<Partition, Long> since = new LinkedHashMap<>();
        JsonSpans fields = new JsonSpans(utf8);
        while (fields.next()) {
            if (fields.named("all")) {
                all = fields.json().tree().booleanValue();
            } else if (fields.named("partitions")) {
                fields.objects().forEach(each -> read(each, since));
            }
        }
        return new Owned(all, since);
    }

    private static void read(JsonSpans fields, Map<Partition, Long> since) {
        Space space = Space.STATE;
        int number = -1;
        long barrier = -1;
        while (fields.next()) {
            if (fields.named("space")) {
                space = space(fields);
            } else if (fields.named("partition")) {
                number = (int) fields.number();
            } else if (fields.named("since")) {
                barrier = fields.number();
            }
        }
        since.put(new Partition(space, number), barrier);
    }

    /** How a space is called between nodes. */
    static String name(Space space) {
        return space == Space.STATE ? "state" : "stream";
    }

    static Space space(JsonSpans field) {
        return field.is("stream") ? Space.STREAM : Space.STATE;
    }
}
