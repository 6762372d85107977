package io.millrace.engine.route;

import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import io.millrace.core.update.OpError;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonSpans;
import io.millrace.core.value.JsonText;
import io.millrace.core.value.UnreadableTextException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node answers to a mutation.
 *
 * @param since the barrier since which it serves the partition
 * @param committed the last record of the partition that it knows to be committed
 */
record ReplyText(Reply reply, long since, long committed) {
    /** Whether the log says so: then it is so, whoever owns the partition now. */
    boolean isLogged() {
        return reply instanceof Reply.Done done && !done.version().equals(Version.NONE);
    }

    byte[] bytes() {
        JsonText text = switch (reply) {
            case Reply.Done done -> done(done);
            case Reply.VersionConflict conflict ->
                new JsonText().raw("{\"conflict\":").number(conflict.current().micros());
            case Reply.ValueTooLarge large ->
                new JsonText()
                        .raw("{\"size\":")
                        .number(large.sizeBytes())
                        .raw(",\"limit\":")
                        .number(large.limitBytes());
        };
        return text.raw(",\"since\":")
                .number(since)
                .raw(",\"committed\":")
                .number(committed)
                .raw("}")
                .taken();
    }

    private static JsonText done(Reply.Done done) {
        int size = (done.oldValue() == null ? 0 : done.oldValue().sizeBytes())
                + (done.newValue() == null ? 0 : done.newValue().sizeBytes());
        JsonText text = new JsonText(128 + size)
                .raw("{\"version\":")
                .number(done.version().micros());
        if (done.oldValue() != null) {
            text.raw(",\"old\":").json(done.oldValue());
        }
        if (done.newValue() != null) {
            text.raw(",\"new\":").json(done.newValue());
        }
        String separator = ",\"errors\":[";
        for (OpError error : done.errors()) {
            text.raw(separator).raw("{\"op\":").number(error.opIndex());
            text.raw(",\"code\":").quoted(error.code());
            text.raw(",\"message\":").quoted(error.message()).raw("}");
            separator = ",";
        }
        return done.errors().isEmpty() ? text : text.raw("]");
    }

    static ReplyText read(byte[] utf8) {
        Version version = null;
        Version conflict = null;
        Json oldValue = null;
        Json newValue = null;
        int size = -1;
        int limit = -1;
        long since = -1;
        long committed = -1;
        List<OpError> errors = List.of();
        JsonSpans fields = new JsonSpans(utf8);
        while (fields.next()) {
            if (fields.named("version")) {
                version = new Version(fields.number());
            } else if (fields.named("old")) {
                oldValue = fields.json();
            } else if (fields.named("new")) {
                newValue = fields.json();
            } else if (fields.named("errors")) {
                errors = errors(fields);
            } else if (fields.named("conflict")) {
                conflict = new Version(fields.number());
            } else if (fields.named("size")) {
                size = (int) fields.number();
            } else if (fields.named("limit")) {
                limit = (int) fields.number();
            } else if (fields.named("since")) {
                since = fields.number();
            } else if (fields.named("committed")) {
                committed = fields.number();
            }
        }
        if (version != null) {
            return new ReplyText(new Reply.Done(oldValue, newValue, errors, version), since, committed);
        }
        return new ReplyText(refusal(conflict, size, limit), since, committed);
    }

    private static Reply refusal(@Nullable Version conflict, int size, int limit) {
        if (conflict != null) {
            return new Reply.VersionConflict(conflict);
        }
        if (size < 0) {
            throw new UnreadableTextException("reply: neither version, conflict nor size");
        }
        return new Reply.ValueTooLarge(size, limit);
    }

    private static List<OpError> errors(JsonSpans field) {
        List<OpError> errors = new ArrayList<>();
        for (JsonSpans fields : field.objects()) {
            int index = 0;
            String code = "";
            String message = "";
            while (fields.next()) {
                if (fields.named("op")) {
                    index = (int) fields.number();
                } else if (fields.named("code")) {
                    code = fields.text();
                } else if (fields.named("message")) {
                    message = fields.text();
                }
            }
            errors.add(new OpError(index, code, message));
        }
        return errors;
    }
}
