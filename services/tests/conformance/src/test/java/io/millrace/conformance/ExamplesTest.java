package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.change.Frames;
import io.millrace.core.update.MalformedOpException;
import io.millrace.core.update.OpError;
import io.millrace.core.update.UpdateOps;
import io.millrace.core.value.Json;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class ExamplesTest {
    static Stream<Example> valid() {
        return Example.all().filter(Example::isValid);
    }

    static Stream<Example> invalid() {
        return Example.all().filter(example -> !example.isValid());
    }

    static List<Example> ops() {
        return Example.valid("common/update-op");
    }

    static List<Example> noOps() {
        return Example.invalid("common/update-op");
    }

    static List<Example> opErrors() {
        return Example.valid("common/op-error");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("valid")
    void anExampleFitsItsSchema(Example example) {
        assertThat(Schemas.problems(example.schema(), example.json())).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void whatIsInvalidDoesNot(Example example) {
        assertThat(Schemas.problems(example.schema(), example.json())).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ops")
    void anOpIsRead(Example example) {
        assertThat(UpdateOps.read(alone(example)))
                .singleElement()
                .satisfies(op -> assertThat(op.name())
                        .isEqualTo(example.json().tree().path("type").asString()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noOps")
    void whatIsNoOpIsRefused(Example example) {
        JsonNode ops = alone(example);
        assertThatThrownBy(() -> UpdateOps.read(ops)).isInstanceOf(MalformedOpException.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("opErrors")
    void theErrorOfAnOpIsWrittenSo(Example example) {
        JsonNode tree = example.json().tree();
        OpError error = new OpError(
                tree.path("op_index").asInt(),
                tree.path("code").asString(),
                tree.path("message").asString());
        assertThat(Frames.errors(List.of(error))).isEqualTo(Json.of(alone(example)));
    }

    private static JsonNode alone(Example example) {
        return JsonNodeFactory.instance.arrayNode().add(example.json().tree());
    }
}
