package io.millrace.core.update;

import tools.jackson.databind.JsonNode;

/**
 * Why an op does nothing.
 *
 * @param kind its code without the op's name, for instance {@code target_not_object}
 * @param message for people
 */
record Fault(String kind, String message) {
    /** What the root is called in messages. */
    static final String ROOT = "root";

    /** The op's target has to be an object, and is not. */
    static Fault notAnObject(String verb, String path, JsonNode target) {
        return new Fault(
                "target_not_object",
                "Cannot " + verb + " at path '" + path + "': target is " + type(target) + ", expected object.");
    }

    /** What a value is called in messages. */
    static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL -> "null";
            case BOOLEAN -> "boolean";
            case NUMBER -> "number";
            case STRING -> "string";
            case ARRAY -> "array";
            case OBJECT -> "object";
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("no JSON value: " + value.getNodeType());
        };
    }
}
