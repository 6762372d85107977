package io.millrace.core.update;

import io.millrace.core.value.Json;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The value while ops are applied to it. Objects and arrays are copied, one level of them, when they are first changed; so
 * the old value stays as it was and what no op touches is shared with it.
 */
final class Draft {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** The objects and arrays made here, which nobody else can see yet. */
    private final Set<JsonNode> own = Collections.newSetFromMap(new IdentityHashMap<>());

    private final @Nullable Json old;
    private @Nullable JsonNode root;
    private boolean fresh;

    /** A draft of {@code old}, or of an empty object where there is none. */
    Draft(@Nullable Json old) {
        this.old = old;
        fresh = old == null;
    }

    /** The value as it is by now. */
    JsonNode root() {
        JsonNode changed = root;
        if (changed != null) {
            return changed;
        }
        return old == null ? NODES.objectNode() : old.tree();
    }

    /** What the draft came to: the old value itself when no op changed it. */
    Json value() {
        return root == null && old != null ? old : Json.of(root());
    }

    /** Whether there was no value and no op has made one yet. */
    boolean isFresh() {
        return fresh;
    }

    /** An op has succeeded, if only in leaving everything as it was. */
    void written() {
        fresh = false;
    }

    void replaceRoot(JsonNode value) {
        root = value;
    }

    /** The root, to be changed; an empty object in its place if it is none. */
    ObjectNode rootObject() {
        ObjectNode object = changeable(root());
        root = object;
        return object;
    }

    /** The object at the end of {@code path}, to be changed; whatever on the way is no object gives way to one. */
    ObjectNode objectAt(List<String> path) {
        ObjectNode at = rootObject();
        for (String segment : path) {
            ObjectNode child = changeable(at.get(segment));
            at.set(segment, child);
            at = child;
        }
        return at;
    }

    /** {@code array} with one more element. */
    ArrayNode pushed(ArrayNode array, JsonNode element) {
        ArrayNode longer = array;
        if (!own.contains(array)) {
            longer = NODES.arrayNode(array.size() + 1).addAll(array);
            own.add(longer);
        }
        return longer.add(element);
    }

    /** An array of one element. */
    ArrayNode arrayOf(JsonNode element) {
        return pushed(NODES.arrayNode(), element);
    }

    private ObjectNode changeable(@Nullable JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            ObjectNode made = NODES.objectNode();
            own.add(made);
            return made;
        }
        if (own.contains(object)) {
            return object;
        }
        ObjectNode copy = NODES.objectNode();
        copy.setAll(object);
        own.add(copy);
        return copy;
    }
}
