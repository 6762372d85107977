package io.millrace.core.update;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/** Append: pushes on an array or lengthens a string. */
final class AppendOp {
    private AppendOp() {}

    static @Nullable Fault apply(Draft draft, UpdateOp.Append op) {
        Fault fault = PathRules.check(op.path());
        if (fault != null) {
            return fault;
        }
        JsonNode value = op.value().tree();
        return op.path().isEmpty() ? atRoot(draft, value) : atPath(draft, op.path(), value);
    }

    private static @Nullable Fault atRoot(Draft draft, JsonNode value) {
        JsonNode target = draft.isFresh() ? NullNode.getInstance() : draft.root();
        Fault fault = misfit(target, value, Fault.ROOT);
        if (fault == null) {
            draft.replaceRoot(appended(draft, target, value));
        }
        return fault;
    }

    private static @Nullable Fault atPath(Draft draft, List<String> path, JsonNode value) {
        if (!draft.root().isObject()) {
            return Fault.notAnObject("append", "[" + String.join(", ", path) + "]", draft.root());
        }
        String leaf = path.getLast();
        JsonNode target = leaf(draft.root(), path);
        if (target != null) {
            Fault fault = misfit(target, value, leaf);
            if (fault != null) {
                return fault;
            }
        }
        // A new leaf below the top level is always an array, also for a string.
        JsonNode first = path.size() > 1 ? null : NullNode.getInstance();
        JsonNode base = target == null ? first : target;
        JsonNode appended = base == null ? draft.arrayOf(value) : appended(draft, base, value);
        draft.objectAt(path.subList(0, path.size() - 1)).set(leaf, appended);
        return null;
    }

    private static @Nullable JsonNode leaf(JsonNode root, List<String> path) {
        JsonNode at = root;
        for (String segment : path) {
            at = at == null || !at.isObject() ? null : at.get(segment);
        }
        return at;
    }

    /** Why {@code value} cannot be appended to {@code target}, if it cannot. */
    private static @Nullable Fault misfit(JsonNode target, JsonNode value, String leaf) {
        boolean takesAnything = target.isArray() || target.isNull();
        if (takesAnything || (target.isString() && value.isString())) {
            return null;
        }
        String message = target.isString()
                ? "Expected string append value at path '" + leaf + "', got " + Fault.type(value) + "."
                : "Cannot append at path '" + leaf + "': target is " + Fault.type(target)
                        + ", expected array, string, null, or missing field.";
        return new Fault("type_mismatch", message);
    }

    private static JsonNode appended(Draft draft, JsonNode target, JsonNode value) {
        if (target instanceof ArrayNode array) {
            return draft.pushed(array, value);
        }
        if (target.isString()) {
            return StringNode.valueOf(target.stringValue() + value.stringValue());
        }
        return value.isString() ? value : draft.arrayOf(value);
    }
}
