package io.millrace.engine.reach;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerType;
import io.millrace.engine.trigger.TriggerType.Ending;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One thing that a node tells others of itself, as JSON: {@code {"kind":…,"id":…}} and what there is to be said; with
 * {@code "gone"} if it is no more.
 */
final class Entry {
    /** What it is about, in the order in which whoever comes is told. */
    enum Kind {
        /** A connected worker. */
        WORKER,
        /** A function that workers serve. */
        FUNCTION,
        /** A type of trigger that a worker provides. */
        TYPE,
        /** A trigger. */
        TRIGGER,
        /** That the node is about to stop. */
        LEAVING;

        private String word() {
            return switch (this) {
                case WORKER -> "worker";
                case FUNCTION -> "function";
                case TYPE -> "type";
                case TRIGGER -> "trigger";
                case LEAVING -> "leaving";
            };
        }
    }

    private Entry() {}

    private static JsonText begun(Kind kind, String id) {
        return new JsonText()
                .raw("{\"kind\":\"")
                .raw(kind.word())
                .raw("\",\"id\":")
                .quoted(id);
    }

    static byte[] gone(Kind kind, String id) {
        return begun(kind, id).raw(",\"gone\":true}").taken();
    }

    static byte[] gone(String triggerId, Ending ending) {
        return begun(Kind.TRIGGER, triggerId)
                .raw(",\"gone\":\"")
                .raw(ending.name())
                .raw("\"}")
                .taken();
    }

    static byte[] leaving() {
        return begun(Kind.LEAVING, "").raw("}").taken();
    }

    static byte[] worker(String id, @Nullable String name) {
        JsonText text = begun(Kind.WORKER, id);
        put(text, ",\"name\":", name);
        return text.raw("}").taken();
    }

    /** With the workers that serve it, at least one. */
    static byte[] function(FunctionDescription said, List<String> workerIds) {
        JsonText text = begun(Kind.FUNCTION, said.id());
        put(text, ",\"description\":", said.description());
        put(text, ",\"request\":", said.requestFormat());
        put(text, ",\"response\":", said.responseFormat());
        put(text, ",\"metadata\":", said.metadata());
        text.raw(",\"workers\":[");
        String separator = "";
        for (String workerId : workerIds) {
            text.raw(separator).quoted(workerId);
            separator = ",";
        }
        return text.raw("]}").taken();
    }

    static byte[] type(TriggerType type) {
        JsonText text = begun(Kind.TYPE, type.id());
        put(text, ",\"description\":", type.description());
        put(text, ",\"config\":", type.configFormat());
        put(text, ",\"call\":", type.callFormat());
        put(text, ",\"worker\":", type.workerId());
        return text.raw("}").taken();
    }

    /**
     * A trigger.
     *
     * @param stamp when it was registered, as {@link Stamps} count time
     * @param whole with all that others need to bind it, too
     */
    static byte[] trigger(Binding binding, long stamp, boolean whole) {
        JsonText text = begun(Kind.TRIGGER, binding.id()).raw(",\"stamp\":").number(stamp);
        if (whole) {
            put(text, binding);
        }
        return text.raw("}").taken();
    }

    /** The fields of a trigger but for its id. */
    static void put(JsonText text, Binding binding) {
        put(text, ",\"type\":", binding.type());
        put(text, ",\"function\":", binding.functionId());
        put(text, ",\"config\":", binding.config());
        put(text, ",\"metadata\":", binding.metadata());
        put(text, ",\"worker\":", binding.workerId());
    }

    /** The trigger in the words of {@link #put(JsonText, Binding)}; null if it is not said what it is. */
    static @Nullable Binding binding(JsonNode entry, String node) {
        String type = text(entry, "type");
        String functionId = text(entry, "function");
        if (type == null || functionId == null) {
            return null;
        }
        Json config = json(entry, "config");
        return new Binding(
                id(entry),
                type,
                functionId,
                config == null ? Json.NULL : config,
                json(entry, "metadata"),
                text(entry, "worker"),
                node);
    }

    static FunctionDescription function(JsonNode entry) {
        return new FunctionDescription(
                id(entry),
                text(entry, "description"),
                json(entry, "request"),
                json(entry, "response"),
                json(entry, "metadata"));
    }

    /** Null for what a newer version says. */
    static @Nullable Kind kind(JsonNode entry) {
        String word = text(entry, "kind");
        for (Kind kind : Kind.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        return null;
    }

    static String id(JsonNode entry) {
        return entry.path("id").asString("");
    }

    static boolean isGone(JsonNode entry) {
        return entry.has("gone");
    }

    static Ending ending(JsonNode entry) {
        String said = entry.path("gone").asString("");
        for (Ending ending : Ending.values()) {
            if (ending.name().equals(said)) {
                return ending;
            }
        }
        return Ending.ABANDONED;
    }

    static @Nullable String text(JsonNode entry, String field) {
        JsonNode found = entry.path(field);
        return found.isString() ? found.stringValue() : null;
    }

    static @Nullable Json json(JsonNode entry, String field) {
        JsonNode found = entry.get(field);
        return found == null ? null : Json.of(found);
    }

    static void put(JsonText text, String name, @Nullable String value) {
        if (value != null) {
            text.raw(name).quoted(value);
        }
    }

    static void put(JsonText text, String name, @Nullable Json value) {
        if (value != null) {
            text.raw(name).json(value);
        }
    }
}
