package io.millrace.conformance;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The folder {@code schemas/} of this repository. A schema's name is its path in there without the ending. */
final class Schemas {
    static final Path FOLDER =
            Path.of(System.getProperty("basedir", "."), "../../../schemas").normalize();

    private static final String ENDING = ".schema.json";
    /** Stands for the folder where the validator wants an address. Nothing is fetched. */
    private static final String BASE = "https://schemas.millrace.invalid/";

    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Schemas::atAddress));

    private Schemas() {}

    /** The names of all schemas. */
    static List<String> names() {
        return files(FOLDER)
                .filter(file -> file.toString().endsWith(ENDING))
                .map(Schemas::name)
                .toList();
    }

    /** The name of the schema in {@code file}. */
    static String name(Path file) {
        String path = path(file);
        return path.substring(0, path.length() - ENDING.length());
    }

    /** The file's path inside the folder, with slashes. */
    static String path(Path file) {
        return FOLDER.relativize(file.normalize()).toString().replace('\\', '/');
    }

    static Path file(String name) {
        return FOLDER.resolve(name + ENDING);
    }

    /** What is wrong with {@code value} according to the schema; nothing if it fits. */
    static List<String> problems(String name, JsonNode value) {
        return problems(REGISTRY.getSchema(SchemaLocation.of(BASE + name + ENDING)), value);
    }

    /** What is wrong with {@code value}; nothing if it fits. */
    static List<String> problems(String name, Json value) {
        return problems(name, value.tree());
    }

    /** What is wrong with a schema itself. */
    static List<String> problemsOfSchema(JsonNode schema) {
        return problems(
                REGISTRY.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId())), schema);
    }

    private static List<String> problems(Schema schema, JsonNode value) {
        return schema.validate(value).stream().map(Error::toString).toList();
    }

    static JsonNode json(Path file) {
        return new JsonReader(100).tree(text(file).getBytes(StandardCharsets.UTF_8));
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All files below {@code folder}, in order. */
    static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable String atAddress(String address) {
        return address.startsWith(BASE) ? text(FOLDER.resolve(address.substring(BASE.length()))) : null;
    }
}
