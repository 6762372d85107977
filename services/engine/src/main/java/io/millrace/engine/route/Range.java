package io.millrace.engine.route;

import io.millrace.core.address.KeyPrefix;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.value.JsonSpans;
import io.millrace.core.value.JsonText;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A part of a partition, between nodes: {@code {"space":"state","partition":3,"from":"…","to":"…"}}. The ends of a range of
 * keys need not be text, so they are base64url; without {@code to} it has no end.
 */
record Range(
        Space space,
        int partition,
        RecordKey from,
        @Nullable RecordKey to) {
    /** All of a partition. */
    static Range all(Space space, int partition) {
        KeyPrefix all = KeyPrefix.ofAll(space);
        return new Range(space, partition, all.first(), all.after());
    }

    byte[] bytes() {
        JsonText text = new JsonText(128).raw("{\"space\":").quoted(Owned.name(space));
        text.raw(",\"partition\":").number(partition);
        text.raw(",\"from\":\"").raw(encoded(from)).raw("\"");
        if (to != null) {
            text.raw(",\"to\":\"").raw(encoded(to)).raw("\"");
        }
        return text.raw("}").taken();
    }

    static Range read(byte[] utf8) {
        Space space = Space.STATE;
        int partition = 0;
        RecordKey from = RecordKey.BARRIER;
        RecordKey to = null;
        JsonSpans fields = new JsonSpans(utf8);
        while (fields.next()) {
            if (fields.named("space")) {
                space = Owned.space(fields);
            } else if (fields.named("partition")) {
                partition = (int) fields.number();
            } else if (fields.named("from")) {
                from = decoded(fields);
            } else if (fields.named("to")) {
                to = decoded(fields);
            }
        }
        return new Range(space, partition, from, to);
    }

    private static String encoded(RecordKey key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.array());
    }

    private static RecordKey decoded(JsonSpans field) {
        return RecordKey.ofBytes(Base64.getUrlDecoder().decode(field.text()));
    }
}
