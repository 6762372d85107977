package io.millrace.node.run;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonReader;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schemas of our functions, from this repository's folder of them, which is in our jar. */
final class FunctionFormats {
    private static final String FOLDER = "/schemas/functions/";
    private static final String COMMON = "../common/";
    private static final String REF = "$ref";
    private static final int MAX_DEPTH = 100;

    private final JsonReader reader = new JsonReader(MAX_DEPTH);

    /** Gives every function of this process the schemas that there are for it. */
    void describe(Invoker functions) {
        List<LocalFunction> described = new ArrayList<>();
        for (String id : functions.ids()) {
            LocalFunction function = functions.local(id);
            Json request = function == null ? null : format(id, "request");
            if (function != null && request != null) {
                FunctionDescription said = function.description();
                described.add(new LocalFunction(
                        new FunctionDescription(id, said.description(), request, format(id, "result"), said.metadata()),
                        function.call()));
            }
        }
        functions.add(described);
    }

    private @Nullable Json format(String id, String what) {
        ObjectNode schema = schema(FOLDER + id.replace("::", ".") + "." + what + ".schema.json");
        return schema == null ? null : Json.of(whole(schema));
    }

    private @Nullable ObjectNode schema(String resource) {
        try (InputStream in = FunctionFormats.class.getResourceAsStream(resource)) {
            return in == null ? null : (ObjectNode) reader.tree(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with what it refers to in its place: whoever gets it has no other files. */
    private JsonNode whole(JsonNode schema) {
        if (schema instanceof ArrayNode elements) {
            ArrayNode whole = JsonNodeFactory.instance.arrayNode();
            elements.forEach(element -> whole.add(whole(element)));
            return whole;
        }
        if (!(schema instanceof ObjectNode fields)) {
            return schema;
        }
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        String ref = fields.path(REF).asString("");
        if (ref.startsWith(COMMON)) {
            ObjectNode common = schema("/schemas/common/" + ref.substring(COMMON.length()));
            if (common == null) {
                throw new IllegalStateException("schema " + ref + ": missing (expected: in our jar)");
            }
            common.remove("$schema");
            whole.setAll((ObjectNode) whole(common));
        }
        fields.properties().forEach(field -> {
            if (!field.getKey().equals(REF) || !ref.startsWith(COMMON)) {
                whole.set(field.getKey(), whole(field.getValue()));
            }
        });
        return whole;
    }
}
