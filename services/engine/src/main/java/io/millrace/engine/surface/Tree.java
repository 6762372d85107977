package io.millrace.engine.surface;

import io.millrace.core.value.Json;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Builds JSON. */
final class Tree {
    private Tree() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static <T> ArrayNode array(Collection<T> elements, Function<T, ? extends JsonNode> node) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(elements.size());
        elements.forEach(element -> array.add(node.apply(element)));
        return array;
    }

    /** Adds a field, unless there is nothing to say. */
    static void put(ObjectNode object, String field, @Nullable String value) {
        if (value != null) {
            object.put(field, value);
        }
    }

    /** Adds a field, unless there is nothing to say. */
    static void put(ObjectNode object, String field, @Nullable Json value) {
        if (value != null) {
            object.set(field, value.tree());
        }
    }
}
