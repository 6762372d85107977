package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class SchemaFilesTest {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final Set<String> ABOUT = Set.of("$schema", "title", "description", "$defs");

    static List<String> schemas() {
        return Schemas.names();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schemas")
    void aSchemaIsOneAndSaysWhatItIsOf(String name) {
        JsonNode schema = Schemas.json(Schemas.file(name));
        assertThat(schema.path("$schema").asString()).isEqualTo(DIALECT);
        assertThat(schema.path("title").asString()).isNotBlank();
        assertThat(schema.path("description").asString()).isNotBlank();
        assertThat(Schemas.problemsOfSchema(schema)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schemas")
    void aSchemaHasExamplesOfBothKinds(String name) {
        assertThat(Example.valid(name)).isNotEmpty();
        boolean takesAnything = takesAnything(Schemas.json(Schemas.file(name)));
        assertThat(Example.invalid(name).isEmpty()).isEqualTo(takesAnything);
    }

    private static boolean takesAnything(JsonNode schema) {
        return schema.propertyStream()
                .allMatch(keyword -> ABOUT.contains(keyword.getKey())
                        || (keyword.getKey().equals("anyOf")
                                && keyword.getValue().valueStream().anyMatch(SchemaFilesTest::takesAnything)));
    }

    @Test
    void everyExampleIsOfASchema() {
        Set<String> named = Example.all().map(Example::schema).collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).isEqualTo(new TreeSet<>(Schemas.names()));
    }

    @Test
    void theFifteenFunctionsAreDescribed() {
        assertThat(Schemas.names())
                .filteredOn(name -> name.endsWith(".request"))
                .hasSize(15)
                .allSatisfy(name -> assertThat(Schemas.names()).contains(name.replace(".request", ".result")));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"asyncapi.yaml", "openapi.yaml"})
    void everyReferenceOfADescriptionLeadsSomewhere(String file) {
        JsonNode document = yaml(file);
        for (JsonNode reference : document.findValues("$ref")) {
            String to = reference.asString();
            if (to.startsWith("#")) {
                assertThat(document.at(to.substring(1)).isMissingNode()).as(to).isFalse();
            } else {
                assertThat(Schemas.FOLDER.resolve(to)).isRegularFile();
            }
        }
    }

    @Test
    void everySchemaIsPartOfADescription() {
        Set<String> reached = new TreeSet<>();
        Deque<Path> toRead = new ArrayDeque<>();
        for (String file : List.of("asyncapi.yaml", "openapi.yaml")) {
            follow(yaml(file), Schemas.FOLDER, toRead);
        }
        while (!toRead.isEmpty()) {
            Path file = toRead.remove();
            if (reached.add(Schemas.name(file))) {
                follow(Schemas.json(file), file.resolveSibling(""), toRead);
            }
        }
        assertThat(reached).isEqualTo(new TreeSet<>(Schemas.names()));
    }

    @Test
    void theDescriptionsAreOfTheVersionsTheySay() {
        assertThat(yaml("asyncapi.yaml").path("asyncapi").asString()).startsWith("3.");
        assertThat(yaml("openapi.yaml").path("openapi").asString()).startsWith("3.1");
        assertThat(yaml("openapi.yaml").path("paths").propertyNames())
                .containsExactly("/v1/functions/{function_id}", "/health/live", "/health/ready", "/metrics");
    }

    private static void follow(JsonNode document, Path folder, Deque<Path> toRead) {
        for (JsonNode reference : document.findValues("$ref")) {
            if (!reference.asString().startsWith("#")) {
                toRead.add(folder.resolve(reference.asString()).normalize());
            }
        }
    }

    private static JsonNode yaml(String name) {
        Path file = Schemas.FOLDER.resolve(name);
        assertThat(Files.exists(file)).isTrue();
        return new YAMLMapper().readTree(Schemas.text(file));
    }
}
