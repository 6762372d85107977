package io.millrace.engine.function;

import tools.jackson.databind.JsonNode;

/** What was found where something else was expected, in the words of serde, which clients know. */
public final class Unexpected {
    private static final int SHOWN_CHARS = 100;

    private Unexpected() {}

    /** For instance {@code integer `5`}. */
    public static String node(JsonNode node) {
        return switch (node.getNodeType()) {
            case NULL, MISSING -> "null";
            case BOOLEAN -> "boolean `" + node.booleanValue() + "`";
            case NUMBER -> (node.isIntegralNumber() ? "integer `" : "floating point `") + node.asString() + "`";
            case STRING -> "string " + Unexpected.string(node.stringValue());
            case ARRAY -> "sequence";
            case OBJECT -> "map";
            case BINARY -> "byte array";
            case POJO -> "other value";
        };
    }

    private static String string(String text) {
        String shown = text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "…";
        return '"' + shown.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
