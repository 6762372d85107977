package io.millrace.engine.surface;

import io.millrace.core.value.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the JSON Schema of a payload from its fields: {@code "message"} is required text, {@code "limit?:integer"} an
 * optional number, {@code "workers?:strings"} optional texts and {@code "config?:any"} whatever one likes.
 */
final class Format {
    private Format() {}

    static Json of(String... fields) {
        ObjectNode properties = Tree.object();
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        for (String field : fields) {
            String[] nameAndType = field.split(":", 2);
            String name = nameAndType[0].replace("?", "");
            properties.set(name, type(nameAndType.length == 1 ? "string" : nameAndType[1]));
            if (name.equals(nameAndType[0])) {
                required.add(name);
            }
        }
        ObjectNode format = Tree.object().put("type", "object");
        format.set("properties", properties);
        if (!required.isEmpty()) {
            format.set("required", required);
        }
        return Json.of(format);
    }

    private static ObjectNode type(String type) {
        return switch (type) {
            case "any" -> Tree.object();
            case "strings" -> {
                ObjectNode strings = Tree.object().put("type", "array");
                strings.set("items", type("string"));
                yield strings;
            }
            default -> Tree.object().put("type", type);
        };
    }
}
