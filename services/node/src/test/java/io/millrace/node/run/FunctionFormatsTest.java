package io.millrace.node.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FunctionFormatsTest {
    @Test
    void aFunctionShowsItsSchemasWithoutReferences() {
        FunctionDescription described = described("stream::update");
        JsonNode request = requireNonNull(described.requestFormat()).tree();
        assertThat(request.path("properties")
                        .path("ops")
                        .path("items")
                        .path("oneOf")
                        .isArray())
                .isTrue();
        assertThat(request.toString()).doesNotContain("$ref");
        assertThat(requireNonNull(described.responseFormat()).toString()).doesNotContain("../");
        assertThat(described.description()).isEqualTo("About it.");
    }

    @Test
    void aFunctionWithoutSchemasStaysAsItIs() {
        assertThat(described("engine::unheard_of").requestFormat()).isNull();
    }

    private static FunctionDescription described(String id) {
        Invoker functions = new Invoker();
        functions.add(List.of(new LocalFunction(
                FunctionDescription.of(id, "About it."),
                invocation -> CompletableFuture.completedStage(new Outcome.NoResult()))));
        new FunctionFormats().describe(functions);
        return requireNonNull(functions.local(id)).description();
    }
}
