package io.millrace.engine.route;

import io.millrace.core.address.RecordKey;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.change.Version;
import io.millrace.core.update.UpdateOp;
import io.millrace.core.update.UpdateOps;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonSpans;
import io.millrace.core.value.JsonText;
import io.millrace.core.value.UnreadableTextException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mutation between nodes: {@code {"key":{…},"id":"…","if_version":n?,"trace":"…"?,"set":…}}, or with {@code "ops":[…]} as
 * callers write them, or {@code "delete":true}. Values are copied as they are.
 */
final class MutationText {
    private MutationText() {}

    static byte[] write(Mutation mutation) {
        RecordKey key = mutation.address().recordKey();
        int size = mutation.ask() instanceof Mutation.Set set ? set.value().sizeBytes() : 128;
        JsonText text = new JsonText(192 + key.array().length + size)
                .raw("{\"key\":")
                .utf8(key.array())
                .raw(",\"id\":")
                .quoted(mutation.id().text());
        if (mutation.ifVersion() != null) {
            text.raw(",\"if_version\":").number(mutation.ifVersion().micros());
        }
        if (mutation.traceParent() != null) {
            text.raw(",\"trace\":").quoted(mutation.traceParent());
        }
        switch (mutation.ask()) {
            case Mutation.Set set -> text.raw(",\"set\":").json(set.value());
            case Mutation.Update update -> ops(text.raw(",\"ops\":"), update.ops());
            case Mutation.Delete ignored -> text.raw(",\"delete\":true");
        }
        return text.raw("}").taken();
    }

    static Mutation read(byte[] utf8) {
        RecordKey key = RecordKey.BARRIER;
        String id = "";
        Version ifVersion = null;
        String trace = null;
        Mutation.Ask ask = null;
        JsonSpans fields = new JsonSpans(utf8);
        while (fields.next()) {
            if (fields.named("key")) {
                key = RecordKey.ofBytes(fields.json().utf8());
            } else if (fields.named("id")) {
                id = fields.text();
            } else if (fields.named("if_version")) {
                ifVersion = new Version(fields.number());
            } else if (fields.named("trace")) {
                trace = fields.text();
            } else {
                Mutation.Ask asked = ask(fields);
                ask = asked == null ? ask : asked;
            }
        }
        if (ask == null) {
            throw new UnreadableTextException("mutation of " + utf8.length + " bytes: no set, ops or delete");
        }
        return new Mutation(key.address(), ask, new MutationId(id), ifVersion, trace);
    }

    private static Mutation.@Nullable Ask ask(JsonSpans field) {
        if (field.named("set")) {
            return new Mutation.Set(field.json());
        }
        if (field.named("ops")) {
            return new Mutation.Update(UpdateOps.read(field.json().tree()));
        }
        return field.named("delete") ? new Mutation.Delete() : null;
    }

    private static void ops(JsonText text, List<UpdateOp> ops) {
        String separator = "[";
        for (UpdateOp op : ops) {
            text.raw(separator).raw("{\"type\":").quoted(op.name()).raw(",\"path\":");
            switch (op) {
                case UpdateOp.Set set -> value(text.quoted(set.path()), set.value());
                case UpdateOp.Merge merge -> value(path(text, merge.path()), merge.value());
                case UpdateOp.Append append -> value(path(text, append.path()), append.value());
                case UpdateOp.Increment increment -> by(text.quoted(increment.path()), increment.by());
                case UpdateOp.Decrement decrement -> by(text.quoted(decrement.path()), decrement.by());
                case UpdateOp.Remove remove -> text.quoted(remove.path());
            }
            text.raw("}");
            separator = ",";
        }
        text.raw(ops.isEmpty() ? "[]" : "]");
    }

    private static void value(JsonText text, Json value) {
        text.raw(",\"value\":").json(value);
    }

    private static void by(JsonText text, long by) {
        text.raw(",\"by\":").number(by);
    }

    private static JsonText path(JsonText text, List<String> path) {
        text.raw("[");
        String separator = "";
        for (String segment : path) {
            text.raw(separator).quoted(segment);
            separator = ",";
        }
        return text.raw("]");
    }
}
