package io.millrace.conformance;

import io.millrace.core.value.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One file below {@code schemas/examples}.
 *
 * @param schema the name of the schema it is an example of
 * @param name its own
 * @param isValid whether it fits the schema
 * @param text all of it but the new line at its end
 */
record Example(String schema, String name, boolean isValid, String text) {
    private static final Path FOLDER = Schemas.FOLDER.resolve("examples");
    private static final String INVALID = "/invalid";

    static Stream<Example> all() {
        return Schemas.files(FOLDER).map(Example::read);
    }

    /** The valid examples of a schema. */
    static List<Example> valid(String schema) {
        return of(schema, true);
    }

    /** What is no example of a schema. */
    static List<Example> invalid(String schema) {
        return of(schema, false);
    }

    private static List<Example> of(String schema, boolean isValid) {
        return all().filter(example -> example.schema.equals(schema) && example.isValid == isValid)
                .toList();
    }

    private static Example read(Path file) {
        Path folder = FOLDER.relativize(file.resolveSibling("").normalize());
        String schema = folder.toString().replace('\\', '/');
        boolean isValid = !schema.endsWith(INVALID);
        return new Example(
                isValid ? schema : schema.substring(0, schema.length() - INVALID.length()),
                file.getFileName().toString().replaceFirst("\\.json$", ""),
                isValid,
                Schemas.text(file).stripTrailing());
    }

    Json json() {
        return Json.ofText(text);
    }

    @Override
    public String toString() {
        return schema + " " + name;
    }
}
