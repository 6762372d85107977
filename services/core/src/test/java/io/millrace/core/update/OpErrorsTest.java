package io.millrace.core.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every error an op can come to, word by word. */
class OpErrorsTest {
    private static final Json ONE = Json.ofText("1");
    private static final Json FIELDS = Json.ofText("{\"a\":1}");

    @ParameterizedTest(name = "{0}")
    @MethodSource("opsByName")
    void aSegmentHasAtMost256Bytes(Named op) {
        String longest = "é".repeat(128);
        assertThat(UpdateOps.apply(null, List.of(op.at(longest))).errors()).isEmpty();
        assertError(
                "{}",
                op.at(longest + "x"),
                op.name + ".path.segment_too_long",
                "Path segment of 257 bytes exceeds maximum of 256");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("opsByName")
    void aSegmentIsNoWayToAPrototype(Named op) {
        for (String forbidden : List.of("__proto__", "constructor", "prototype")) {
            assertError(
                    "{}",
                    op.at(forbidden),
                    op.name + ".path.proto_polluted",
                    "Path segment '" + forbidden + "' is not allowed (prototype pollution).");
        }
        assertThat(UpdateOps.apply(null, List.of(op.at("__PROTO__"))).errors()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fieldOpsByName")
    void aFieldNeedsAnObjectAtTheRoot(Named op) {
        for (String old : List.of("null", "true", "1", "\"s\"", "[]")) {
            assertError(
                    old,
                    op.at("x"),
                    op.name + ".target_not_object",
                    "Cannot " + op.name + " at path 'x': target is "
                            + Fault.type(Json.ofText(old).tree()) + ", expected object.");
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"merge", "append"})
    void aWalkGoesAtMost32SegmentsDeep(String name) {
        List<String> longest = Collections.nCopies(32, "a");
        assertThat(UpdateOps.apply(null, List.of(walk(name, longest))).errors()).isEmpty();
        assertError(
                "{}",
                walk(name, Collections.nCopies(33, "")),
                name + ".path.too_deep",
                "Path depth 33 exceeds maximum of 32");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"merge", "append"})
    void aWalkHasNoEmptySegments(String name) {
        assertError("{}", walk(name, List.of("a", "")), name + ".path.empty_segment", "Path contains an empty segment");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"merge", "append"})
    void theFirstSegmentThatIsWrongIsNamed(String name) {
        assertError(
                "{}",
                walk(name, List.of("a", "constructor", "")),
                name + ".path.proto_polluted",
                "Path segment 'constructor' is not allowed (prototype pollution).");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"null", "true", "1", "\"s\"", "[]"})
    void onlyAnObjectIsMerged(String value) {
        assertError(
                "1",
                new UpdateOp.Merge(List.of(), Json.ofText(value)),
                "merge.value.not_an_object",
                "Merge value must be a JSON object");
    }

    @Test
    void atMost1024KeysAreMerged() {
        assertThat(UpdateOps.apply(null, List.of(merge(keys(1024)))).errors()).isEmpty();
        assertError(
                "{}",
                merge(keys(1025)),
                "merge.value.too_many_keys",
                "Merge value has 1025 top-level keys, exceeds maximum of 1024");
    }

    @Test
    void noPrototypeIsMerged() {
        assertError(
                "{}",
                merge("{\"prototype\":1,\"constructor\":1}"),
                "merge.value.proto_polluted",
                "Merge value top-level key \"constructor\" is a prototype-pollution sink");
        assertError(
                "{}",
                merge("{\"a\":1,\"__proto__\":{}}"),
                "merge.value.proto_polluted",
                "Merge value top-level key \"__proto__\" is a prototype-pollution sink");
    }

    @Test
    void whatIsMergedNestsAtMost16Deep() {
        assertThat(UpdateOps.apply(null, List.of(merge(nested(16)))).errors()).isEmpty();
        assertError(
                "{}",
                merge(nested(17)),
                "merge.value.too_deep",
                "Merge value JSON nesting depth 17 exceeds maximum of 16");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"null", "true", "1", "\"s\"", "[]"})
    void anAppendBelowTheRootNeedsAnObjectThere(String old) {
        String type = Fault.type(Json.ofText(old).tree());
        assertError(
                old,
                append(List.of("a"), "1"),
                "append.target_not_object",
                "Cannot append at path '[a]': target is " + type + ", expected object.");
        assertError(
                old,
                append(List.of("a", "b"), "1"),
                "append.target_not_object",
                "Cannot append at path '[a, b]': target is " + type + ", expected object.");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"null", "true", "1", "[\"s\"]", "{}"})
    void aStringTakesOnlyStrings(String value) {
        String message = ", got " + Fault.type(Json.ofText(value).tree()) + ".";
        assertError(
                "\"s\"",
                append(List.of(), value),
                "append.type_mismatch",
                "Expected string append value at path 'root'" + message);
        assertError(
                "{\"p\":{\"t\":\"s\"}}",
                append(List.of("p", "t"), value),
                "append.type_mismatch",
                "Expected string append value at path 't'" + message);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"true", "1.5", "{}"})
    void nothingIsAppendedToWhatIsNeitherArrayNorString(String target) {
        String message = ": target is " + Fault.type(Json.ofText(target).tree())
                + ", expected array, string, null, or missing field.";
        assertError(
                target, append(List.of(), "\"x\""), "append.type_mismatch", "Cannot append at path 'root'" + message);
        assertError(
                "{\"p\":{\"t\":" + target + "}}",
                append(List.of("p", "t"), "\"x\""),
                "append.type_mismatch",
                "Cannot append at path 't'" + message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "null|null",
                "false|boolean",
                "\"1\"|string",
                "[1]|array",
                "{}|object",
                "18446744073709551615|number"
            })
    void onlyNumbersAreCounted(String old, String type) {
        assertError(
                old,
                new UpdateOp.Increment("", 1),
                "increment.not_number",
                "Expected number at path 'root', got " + type + ".");
        assertError(
                "{\"n\":" + old + "}",
                new UpdateOp.Increment("n", 1),
                "increment.not_number",
                "Expected number at path 'n', got " + type + ".");
        if (!type.equals("number")) {
            assertError(
                    "{\"n\":" + old + "}",
                    new UpdateOp.Decrement("n", 0),
                    "decrement.not_number",
                    "Expected number at path 'n', got " + type + ".");
        }
    }

    @Test
    void aSumBeyondSixtyFourBitsIsNoNumber() {
        assertError(
                "-9223372036854775808",
                new UpdateOp.Decrement("", 1),
                "decrement.not_number",
                "Expected number at path 'root', got number.");
    }

    @Test
    void errorsCarryTheirPlaceInTheRequest() {
        List<UpdateOp> ops = List.of(new UpdateOp.Remove("x"), new UpdateOp.Set("", FIELDS), merge("[]"));
        assertThat(UpdateOps.apply(ONE, ops))
                .isEqualTo(new Updated(
                        FIELDS,
                        List.of(
                                new OpError(
                                        0,
                                        "remove.target_not_object",
                                        "Cannot remove at path 'x': target is number, expected object."),
                                new OpError(2, "merge.value.not_an_object", "Merge value must be a JSON object"))));
    }

    /** An op of that name, at any one field. */
    record Named(String name) {
        UpdateOp at(String field) {
            return switch (name) {
                case "set" -> new UpdateOp.Set(field, ONE);
                case "increment" -> new UpdateOp.Increment(field, 1);
                case "decrement" -> new UpdateOp.Decrement(field, 1);
                case "remove" -> new UpdateOp.Remove(field);
                default -> walk(name, List.of(field));
            };
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Named> fieldOpsByName() {
        return Stream.of("set", "increment", "decrement", "remove").map(Named::new);
    }

    static Stream<Named> opsByName() {
        return Stream.concat(fieldOpsByName(), Stream.of("merge", "append").map(Named::new));
    }

    private static UpdateOp walk(String name, List<String> path) {
        return name.equals("merge") ? new UpdateOp.Merge(path, FIELDS) : new UpdateOp.Append(path, ONE);
    }

    private static UpdateOp merge(String value) {
        return new UpdateOp.Merge(List.of(), Json.ofText(value));
    }

    private static UpdateOp append(List<String> path, String value) {
        return new UpdateOp.Append(path, Json.ofText(value));
    }

    private static String keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"k" + i + "\":1").collect(Collectors.joining(",", "{", "}"));
    }

    private static String nested(int depth) {
        return "{\"a\":1,\"b\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
    }

    private static void assertError(String old, UpdateOp op, String code, String message) {
        Json before = Json.ofText(old);
        assertThat(UpdateOps.apply(before, List.of(op)))
                .isEqualTo(new Updated(before, List.of(new OpError(0, code, message))));
    }
}
