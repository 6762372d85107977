package io.millrace.engine.subscription;

import io.millrace.core.address.MalformedNameException;
import io.millrace.core.value.Json;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A trigger's config, understood.
 *
 * @param subscription the identity of a durable one: by that name it is known when it comes back
 * @param conditionId the function that is asked first
 * @param durable whether it is to miss nothing
 */
record Wish(
        Binding binding,
        Kind kind,
        Filter filter,
        String subscription,
        @Nullable String conditionId,
        boolean durable) {
    /** What generated identities begin with, and given ones must not. */
    static final String GENERATED = "auto-";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final int DIGEST_CHARS = 32;

    /**
     * Reads a config.
     *
     * @throws TriggerRefusedException if it is none of this kind
     */
    static Wish of(Kind kind, Binding binding) {
        JsonNode config = binding.config().tree();
        Fields fields = new Fields(kind, config);
        Filter filter = filter(kind, fields);
        String condition = fields.text("condition_function_id");
        boolean durable = fields.flag("durable", true);
        String given = fields.text("subscription");
        if (given != null && (!NAME.matcher(given).matches() || given.startsWith(GENERATED))) {
            throw fields.refused(
                    "subscription: 1 to 100 letters, digits, dots, dashes or underscores expected, and not " + GENERATED
                            + " at the beginning");
        }
        return new Wish(binding, kind, filter, given == null ? digest(binding) : given, condition, durable);
    }

    private static Filter filter(Kind kind, Fields fields) {
        try {
            return switch (kind) {
                case STATE -> Filter.state(fields.text("scope"), fields.text("key"));
                case STREAM -> {
                    String stream = fields.text("stream_name");
                    if (stream == null) {
                        throw fields.refused("missing field `stream_name`");
                    }
                    yield Filter.stream(stream, fields.filled("group_id"), fields.filled("item_id"));
                }
            };
        } catch (MalformedNameException e) {
            throw fields.refused(String.valueOf(e.getMessage()));
        }
    }

    /** The same type, function and config are the same subscription, in whatever order the fields are. */
    private static String digest(Binding binding) {
        String text = binding.type()
                + '\0'
                + binding.functionId()
                + '\0'
                + Json.ofTree(sorted(binding.config().tree()));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return GENERATED + HexFormat.of().formatHex(digest).substring(0, DIGEST_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: every Java has it)", e);
        }
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isObject()) {
            ObjectNode sorted = JsonNodeFactory.instance.objectNode();
            new TreeSet<>(node.propertyNames()).forEach(name -> sorted.set(name, sorted(node.get(name))));
            return sorted;
        }
        if (node.isArray()) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> items.add(sorted(item)));
            return items;
        }
        return node;
    }

    /** The fields of a config; unknown ones are ignored. */
    private record Fields(Kind kind, JsonNode config) {
        private Fields {
            if (!config.isObject()) {
                throw refused(kind, "an object expected");
            }
        }

        @Nullable
        String text(String name) {
            JsonNode found = config.path(name);
            if (found.isMissingNode() || found.isNull()) {
                return null;
            }
            if (!found.isString()) {
                throw refused(name + ": a string expected");
            }
            return found.stringValue();
        }

        /** An empty text is none, either. */
        @Nullable
        String filled(String name) {
            String text = text(name);
            return text == null || text.isEmpty() ? null : text;
        }

        boolean flag(String name, boolean otherwise) {
            JsonNode found = config.path(name);
            if (found.isMissingNode() || found.isNull()) {
                return otherwise;
            }
            if (!found.isBoolean()) {
                throw refused(name + ": a boolean expected");
            }
            return found.booleanValue();
        }

        TriggerRefusedException refused(String why) {
            return refused(kind, why);
        }

        private static TriggerRefusedException refused(Kind kind, String why) {
            return new TriggerRefusedException(
                    switch (kind) {
                        case STATE -> "Failed to parse trigger config: " + why;
                        case STREAM -> "Failed to deserialize stream trigger: " + why;
                    });
        }
    }
}
