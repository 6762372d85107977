package io.millrace.fleet;

import io.millrace.testkit.linear.Answer;
import io.millrace.testkit.linear.Ask;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One key of state, or one item of a stream, and how functions are called for it. A value is a string, or a counter: an
 * object with its {@code id} and its {@code n}.
 *
 * @param unit the scope, or the group of {@link #STREAM}
 */
record Place(boolean state, String unit, String name) {
    /** The only stream used. */
    static final String STREAM = "counters";

    String key() {
        return (state ? "state " : "stream ") + unit + " " + name;
    }

    String function(Ask ask, boolean versioned) {
        return (state ? "state::" : "stream::")
                + switch (ask) {
                    case Ask.Get ignored -> versioned ? "list" : "get";
                    case Ask.Put ignored -> "set";
                    case Ask.PutIf ignored -> "set";
                    case Ask.Add ignored -> "update";
                    case Ask.Remove ignored -> "delete";
                };
    }

    String payload(Ask ask, boolean versioned, String mutationId) {
        return "{"
                + switch (ask) {
                    case Ask.Get ignored ->
                        versioned ? unitFields() + ",\"prefix\":\"" + name + "\",\"keys\":true" : address();
                    case Ask.Put put -> address() + value(put.value()) + id(mutationId);
                    case Ask.PutIf put ->
                        address() + value(put.value()) + ",\"if_version\":" + put.version() + id(mutationId);
                    case Ask.Add add ->
                        address() + ",\"ops\":[{\"type\":\"set\",\"path\":\"id\",\"value\":\"" + name
                                + "\"},{\"type\":\"increment\",\"path\":\"n\",\"by\":" + add.by() + "}]"
                                + id(mutationId);
                    case Ask.Remove ignored -> address() + id(mutationId);
                }
                + "}";
    }

    private String unitFields() {
        return state
                ? "\"scope\":\"" + unit + "\""
                : "\"stream_name\":\"" + STREAM + "\",\"group_id\":\"" + unit + "\"";
    }

    private String address() {
        return unitFields() + (state ? ",\"key\":\"" : ",\"item_id\":\"") + name + "\"";
    }

    private String value(String text) {
        return (state ? ",\"value\":\"" : ",\"data\":\"") + text + "\"";
    }

    private static String id(String mutationId) {
        return ",\"mutation_id\":\"" + mutationId + "\"";
    }

    /** What a result means. */
    Answer answer(Ask ask, boolean versioned, JsonNode result) {
        return switch (ask) {
            case Ask.Get ignored -> versioned ? listed(result) : new Answer.Seen(text(result));
            case Ask.Put ignored -> written(result);
            case Ask.PutIf ignored -> written(result);
            case Ask.Add ignored -> written(result);
            case Ask.Remove ignored -> new Answer.Removed(text(state ? result : result.path("old_value")));
        };
    }

    private Answer listed(JsonNode result) {
        for (JsonNode item : result.path("items")) {
            if (item.path("key").asString().equals(name)) {
                return new Answer.Seen(
                        text(item.path("value")), item.path("version").asLong());
            }
        }
        return new Answer.Seen(null, 0);
    }

    private static Answer written(JsonNode result) {
        String after = text(result.path("new_value"));
        return new Answer.Written(
                text(result.path("old_value")),
                after == null ? "" : after,
                result.path("version").asLong());
    }

    /** A value as the register knows it; null: missing. */
    static @Nullable String text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        return value.isObject() ? value.path("n").asString() : value.asString();
    }
}
