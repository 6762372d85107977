package io.millrace.core.update;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Merge: copies the fields of an object into the target, never deeper. */
final class MergeOp {
    private static final int MAX_KEYS = 1024;
    private static final int MAX_DEPTH = 16;

    private MergeOp() {}

    static @Nullable Fault apply(Draft draft, UpdateOp.Merge op) {
        Fault fault = PathRules.check(op.path());
        if (fault != null) {
            return fault;
        }
        if (!(op.value().tree() instanceof ObjectNode value)) {
            return new Fault("value.not_an_object", "Merge value must be a JSON object");
        }
        fault = check(value);
        if (fault != null) {
            return fault;
        }
        // At the root there is nothing to make room for an object in: the original does nothing then, silently.
        boolean nowhere = op.path().isEmpty() && !draft.root().isObject();
        if (!nowhere) {
            draft.objectAt(op.path()).setAll(value);
        }
        return null;
    }

    private static @Nullable Fault check(ObjectNode value) {
        if (value.size() > MAX_KEYS) {
            return new Fault(
                    "value.too_many_keys",
                    "Merge value has " + value.size() + " top-level keys, exceeds maximum of " + MAX_KEYS);
        }
        for (String forbidden : PathRules.FORBIDDEN) {
            if (value.has(forbidden)) {
                return new Fault(
                        "value.proto_polluted",
                        "Merge value top-level key \"" + forbidden + "\" is a prototype-pollution sink");
            }
        }
        int depth = depth(value);
        return depth <= MAX_DEPTH
                ? null
                : new Fault(
                        "value.too_deep",
                        "Merge value JSON nesting depth " + depth + " exceeds maximum of " + MAX_DEPTH);
    }

    /** How many arrays and objects lie within each other, level by level. */
    private static int depth(JsonNode value) {
        int depth = 0;
        List<JsonNode> level = List.of(value);
        while (!level.isEmpty()) {
            depth++;
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : level) {
                for (JsonNode child : node) {
                    if (child.isContainer()) {
                        next.add(child);
                    }
                }
            }
            level = next;
        }
        return depth;
    }
}
