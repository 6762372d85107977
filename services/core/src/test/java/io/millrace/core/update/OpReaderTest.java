package io.millrace.core.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.value.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpReaderTest {
    private static final String UNKNOWN =
            ", expected one of `set`, `merge`, `increment`, `decrement`, `append`, `remove`";
    private static final String NO_PATH = "data did not match any variant of untagged enum MergePath";

    @Test
    void everyOpIsRead() {
        assertThat(read("""
                [{"type":"set","path":"a","value":[1]},
                 {"type":"set","path":""},
                 {"type":"merge","value":{}},
                 {"type":"merge","path":null,"value":{}},
                 {"type":"merge","path":"a","value":5},
                 {"type":"increment","path":"n","by":-9223372036854775808},
                 {"type":"decrement","path":"n","by":9223372036854775807},
                 {"type":"append","path":["a","b.c",""],"value":null},
                 {"type":"append","path":"","value":1},
                 {"type":"remove","path":"x","unknown":true}]
                """))
                .containsExactly(
                        new UpdateOp.Set("a", Json.ofText("[1]")),
                        new UpdateOp.Set("", Json.NULL),
                        new UpdateOp.Merge(List.of(), Json.ofText("{}")),
                        new UpdateOp.Merge(List.of(), Json.ofText("{}")),
                        new UpdateOp.Merge(List.of("a"), Json.ofText("5")),
                        new UpdateOp.Increment("n", Long.MIN_VALUE),
                        new UpdateOp.Decrement("n", Long.MAX_VALUE),
                        new UpdateOp.Append(List.of("a", "b.c", ""), Json.NULL),
                        new UpdateOp.Append(List.of(), Json.ofText("1")),
                        new UpdateOp.Remove("x"));
        assertThat(read("[]")).isEmpty();
    }

    @ParameterizedTest(name = "[{0}]")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "5|invalid type: integer `5`, expected internally tagged enum UpdateOp",
                "null|invalid type: null, expected internally tagged enum UpdateOp",
                "[]|invalid type: sequence, expected internally tagged enum UpdateOp",
                "{}|missing field `type`",
                "{\"op\":\"set\",\"path\":\"/a/b\",\"value\":1}|missing field `type`",
                "{\"type\":null}|invalid type: null, expected a string",
                "{\"type\":true}|invalid type: boolean `true`, expected a string",
                "{\"type\":\"set\",\"value\":1}|missing field `path`",
                "{\"type\":\"set\",\"path\":null}|invalid type: null, expected a string",
                "{\"type\":\"set\",\"path\":[\"a\"]}|invalid type: sequence, expected a string",
                "{\"type\":\"set\",\"path\":{}}|invalid type: map, expected a string",
                "{\"type\":\"remove\"}|missing field `path`",
                "{\"type\":\"remove\",\"path\":null}|invalid type: null, expected a string",
                "{\"type\":\"remove\",\"path\":[]}|invalid type: sequence, expected a string",
                "{\"type\":\"increment\",\"by\":1}|missing field `path`",
                "{\"type\":\"increment\",\"path\":\"n\"}|missing field `by`",
                "{\"type\":\"increment\",\"path\":[\"n\"],\"by\":1}|invalid type: sequence, expected a string",
                "{\"type\":\"increment\",\"path\":\"n\",\"by\":1.5}|invalid type: floating point `1.5`, expected i64",
                "{\"type\":\"increment\",\"path\":\"n\",\"by\":1.0}|invalid type: floating point `1.0`, expected i64",
                "{\"type\":\"increment\",\"path\":\"n\",\"by\":\"1\"}|invalid type: string \"1\", expected i64",
                "{\"type\":\"increment\",\"path\":\"n\",\"by\":null}|invalid type: null, expected i64",
                "{\"type\":\"decrement\"}|missing field `path`",
                "{\"type\":\"decrement\",\"path\":null,\"by\":1}|invalid type: null, expected a string",
                "{\"type\":\"decrement\",\"path\":\"n\"}|missing field `by`",
                "{\"type\":\"decrement\",\"path\":\"n\",\"by\":9223372036854775808}|invalid value: integer `9223372036854775808`, expected i64",
                "{\"type\":\"decrement\",\"path\":\"n\",\"by\":-9223372036854775809}|invalid type: floating point `-9.223372036854776E18`, expected i64",
                "{\"type\":\"merge\"}|missing field `value`",
                "{\"type\":\"append\",\"path\":\"a\"}|missing field `value`"
            })
    void anOpThatIsNoneIsRefused(String op, String message) {
        assertThatThrownBy(() -> read("[{\"type\":\"remove\",\"path\":\"a\"}," + op + "]"))
                .isInstanceOf(MalformedOpException.class)
                .hasMessage(message);
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"x", "", "Set", "move", "test", "push"})
    void anUnknownTypeIsRefused(String type) {
        assertThatThrownBy(() -> read("[{\"type\":\"" + type + "\",\"path\":\"a\"}]"))
                .isInstanceOf(MalformedOpException.class)
                .hasMessage("unknown variant `" + type + "`" + UNKNOWN);
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"5", "true", "{}", "{\"a\":\"b\"}", "[1]", "[\"a\",null]", "[\"a\",[\"b\"]]"})
    void aWalkingPathIsAStringOrStrings(String path) {
        for (String type : List.of("merge", "append")) {
            assertThatThrownBy(() -> read("[{\"type\":\"" + type + "\",\"path\":" + path + ",\"value\":1}]"))
                    .isInstanceOf(MalformedOpException.class)
                    .hasMessage(NO_PATH);
        }
    }

    @ParameterizedTest(name = "[{0}]")
    @CsvSource(
            delimiter = '|',
            value = {
                "null|invalid type: null, expected a sequence",
                "{}|invalid type: map, expected a sequence",
                "1|invalid type: integer `1`, expected a sequence",
            })
    void opsAreASequence(String ops, String message) {
        assertThatThrownBy(() -> read(ops))
                .isInstanceOf(MalformedOpException.class)
                .hasMessage(message);
    }

    private static List<UpdateOp> read(String ops) {
        return UpdateOps.read(Json.ofText(ops).tree());
    }
}
