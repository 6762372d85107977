package io.millrace.core;

import io.millrace.core.value.Json;
import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Random values and names, with a taste for what breaks writers and readers. */
public final class RandomJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<String> PIECES = List.of(
            "a",
            "b",
            "key",
            "\"",
            "\\",
            "\\\"",
            "\",",
            "\":",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\u0000",
            "\u0001",
            "\u001f",
            "\n",
            "\t",
            "\r",
            "\b",
            "\f",
            "\u007f",
            "\u0080",
            "é",
            "\u07ff",
            "\u0800",
            "\u2028",
            "\ufeff",
            "\uffff",
            "😀",
            "\ud800\udc00",
            "\udbff\udfff",
            "/",
            "'",
            " ",
            "__proto__",
            "\\u0041",
            "null");

    private final SplittableRandom random;

    /** Draws from {@code random}. */
    public RandomJson(SplittableRandom random) {
        this.random = random;
    }

    /** A name of up to five pieces, most of them nasty; at times empty. */
    public String name() {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            name.append(pick(PIECES));
        }
        return name.toString();
    }

    /** One of few names, so that they come again. */
    public String fewNames() {
        return pick(List.of("", "a", "b", "a\"", "a\",", "😀", "\u0000", "a:b"));
    }

    /** Any value. */
    public Json value() {
        return Json.of(tree(random.nextInt(5)));
    }

    /** Any tree of at most {@code depth} arrays and objects within each other. */
    public JsonNode tree(int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 7)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextInt(-5, 100));
            case 3 -> NODES.numberNode(random.nextLong());
            case 4 ->
                NODES.numberNode(new BigInteger("9223372036854775808").add(BigInteger.valueOf(random.nextInt(9))));
            case 5 -> NODES.numberNode((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-300, 300)));
            case 6 -> NODES.stringNode(name());
            case 7 -> array(depth);
            default -> object(depth);
        };
    }

    private ArrayNode array(int depth) {
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            array.add(tree(depth - 1));
        }
        return array;
    }

    /** An object of at most {@code depth} levels. */
    public ObjectNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.set(random.nextBoolean() ? fewNames() : name(), tree(depth - 1));
        }
        return object;
    }

    /** One of {@code choices}. */
    public <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
