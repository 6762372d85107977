package io.millrace.core.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The known results of updates: old value, ops, new value, and the errors as index:code. */
class UpdateVectorsTest {
    private static final String MISSING = "missing";
    private static final String SAME = "same";

    record Vector(String name, String old, String ops, String value, List<String> errors) {
        @Override
        public String toString() {
            return old + " | " + name;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void anUpdateComesToTheKnownResult(Vector vector) {
        Updated updated = UpdateOps.apply(old(vector), ops(vector.ops));
        assertThat(updated.value()).isEqualTo(Json.ofText(vector.value.equals(SAME) ? vector.old : vector.value));
        assertThat(updated.errors().stream().map(error -> error.opIndex() + ":" + error.code()))
                .isEqualTo(vector.errors);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void theOldValueStaysAsItWas(Vector vector) {
        Json old = old(vector);
        UpdateOps.apply(old, ops(vector.ops));
        if (old != null) {
            assertThat(Json.of(old.tree())).isEqualTo(old).isEqualTo(Json.ofText(vector.old));
        }
    }

    @Test
    void aHundredIncrementsCountAHundred() {
        Json value = Json.ofText("{\"count\":0}");
        for (int i = 0; i < 100; i++) {
            value = UpdateOps.apply(value, ops(by("increment", "count", "1"))).value();
        }
        assertThat(value).hasToString("{\"count\":100}");
    }

    static Stream<Vector> vectors() {
        return Stream.of(
                row("no ops", MISSING, "", "{}"),
                row("inc '' 3", MISSING, by("increment", "", "3"), "3"),
                row("dec '' 3", MISSING, by("decrement", "", "3"), "-3"),
                row("append root hi", MISSING, root("append", "\"hi\""), "\"hi\""),
                row("append root {k:1}", MISSING, root("append", "{\"k\":1}"), "[{\"k\":1}]"),
                row("merge root {a:1}", MISSING, root("merge", "{\"a\":1}"), "{\"a\":1}"),
                row("remove x", MISSING, remove("x"), "{}"),
                row("remove ''", MISSING, remove(""), "null"),
                row(
                        "set __proto__ 1; inc '' 3",
                        MISSING,
                        at("set", "\"__proto__\"", "1") + "," + by("increment", "", "3"),
                        "3",
                        "0:set.path.proto_polluted"),
                row("set '' without a value", "{\"\":\"e\",\"k\":true}", "{\"type\":\"set\",\"path\":\"\"}", "null"),
                row("set x 1", "null", at("set", "\"x\"", "1"), "null", "0:set.target_not_object"),
                row("inc '' 1", "null", by("increment", "", "1"), "null", "0:increment.not_number"),
                row("append root s", "null", root("append", "\"s\""), "\"s\""),
                row("merge root {a:1}", "null", root("merge", "{\"a\":1}"), "null"),
                row("merge p {a:1}", "null", at("merge", "\"p\"", "{\"a\":1}"), "{\"p\":{\"a\":1}}"),
                row("merge root {a:1}", "\"leaf\"", root("merge", "{\"a\":1}"), "\"leaf\""),
                row(
                        "merge [p,q] {a:1}",
                        "\"leaf\"",
                        at("merge", "[\"p\",\"q\"]", "{\"a\":1}"),
                        "{\"p\":{\"q\":{\"a\":1}}}"),
                row(
                        "append events x",
                        "\"leaf\"",
                        at("append", "\"events\"", "\"x\""),
                        "\"leaf\"",
                        "0:append.target_not_object"),
                row(
                        "append [a,b] x",
                        "[1,2]",
                        at("append", "[\"a\",\"b\"]", "\"x\""),
                        "[1,2]",
                        "0:append.target_not_object"),
                row(
                        "dec n 3; dec m 3",
                        "{\"n\":5}",
                        by("decrement", "n", "3") + "," + by("decrement", "m", "3"),
                        "{\"n\":2,\"m\":-3}"),
                row(
                        "inc n 2; dec n 1",
                        "{\"n\":1.5}",
                        by("increment", "n", "2") + "," + by("decrement", "n", "1"),
                        "{\"n\":2.5}"),
                row("inc n 1", "{\"n\":1.0}", by("increment", "n", "1"), "{\"n\":2.0}"),
                row("inc n 1", "{\"n\":null}", by("increment", "n", "1"), SAME, "0:increment.not_number"),
                row("inc n 0", "{\"n\":\"x\"}", by("increment", "n", "0"), SAME, "0:increment.not_number"),
                row("inc n 1", "{\"n\":9223372036854775807}", by("increment", "n", "1"), "{\"n\":9223372036854775808}"),
                row(
                        "dec n 1",
                        "{\"n\":-9223372036854775808}",
                        by("decrement", "n", "1"),
                        SAME,
                        "0:decrement.not_number"),
                row(
                        "inc n 1",
                        "{\"n\":18446744073709551615}",
                        by("increment", "n", "1"),
                        SAME,
                        "0:increment.not_number"),
                row(
                        "dec n -9223372036854775808",
                        "{}",
                        by("decrement", "n", "-9223372036854775808"),
                        "{\"n\":9223372036854775808}"),
                row("append e [n]", "{\"e\":[]}", at("append", "\"e\"", "[\"n\"]"), "{\"e\":[[\"n\"]]}"),
                row("append t b", "{\"t\":\"a\"}", at("append", "\"t\"", "\"b\""), "{\"t\":\"ab\"}"),
                row("append t 1", "{\"t\":\"a\"}", at("append", "\"t\"", "1"), SAME, "0:append.type_mismatch"),
                row("append o x", "{\"o\":{}}", at("append", "\"o\"", "\"x\""), SAME, "0:append.type_mismatch"),
                row("append z s", "{}", at("append", "\"z\"", "\"s\""), "{\"z\":\"s\"}"),
                row("append [p,z] s", "{}", at("append", "[\"p\",\"z\"]", "\"s\""), "{\"p\":{\"z\":[\"s\"]}}"),
                row(
                        "append [p,z] s",
                        "{\"p\":{\"z\":null}}",
                        at("append", "[\"p\",\"z\"]", "\"s\""),
                        "{\"p\":{\"z\":\"s\"}}"),
                row("append [p,z] 42", "{\"p\":[1]}", at("append", "[\"p\",\"z\"]", "42"), "{\"p\":{\"z\":[42]}}"),
                row(
                        "merge [a.b] {x:1}",
                        "{\"a\":{\"b\":1}}",
                        at("merge", "[\"a.b\"]", "{\"x\":1}"),
                        "{\"a\":{\"b\":1},\"a.b\":{\"x\":1}}"),
                row(
                        "merge [s,k] {a:1}",
                        "{\"s\":{\"k\":\"junk\"}}",
                        at("merge", "[\"s\",\"k\"]", "{\"a\":1}"),
                        "{\"s\":{\"k\":{\"a\":1}}}"),
                row(
                        "merge [a,''] {x:1}",
                        "{}",
                        at("merge", "[\"a\",\"\"]", "{\"x\":1}"),
                        "{}",
                        "0:merge.path.empty_segment"),
                row("merge f str", "{}", at("merge", "\"f\"", "\"str\""), "{}", "0:merge.value.not_an_object"),
                row(
                        "merge f {x:{__proto__:1}}",
                        "{}",
                        at("merge", "\"f\"", "{\"x\":{\"__proto__\":1}}"),
                        "{\"f\":{\"x\":{\"__proto__\":1}}}"),
                row(
                        "inc bad 1; set __proto__ 1; append ev c; set ok true",
                        "{\"bad\":\"v\",\"ev\":{}}",
                        by("increment", "bad", "1") + "," + at("set", "\"__proto__\"", "1") + ","
                                + at("append", "\"ev\"", "\"c\"") + "," + at("set", "\"ok\"", "true"),
                        "{\"bad\":\"v\",\"ev\":{},\"ok\":true}",
                        "0:increment.not_number",
                        "1:set.path.proto_polluted",
                        "2:append.type_mismatch"),
                row("remove x", "3", remove("x"), "3", "0:remove.target_not_object"),
                // Beyond the table: what its rules say about cases it does not list.
                row("set '' of a missing item", MISSING, at("set", "\"\"", "[1]"), "[1]"),
                row("set x null", "{\"x\":1}", at("set", "\"x\"", "null"), "{\"x\":null}"),
                row("set user.name", "{\"user\":{}}", at("set", "\"user.name\"", "1"), "{\"user\":{},\"user.name\":1}"),
                row("remove a field", "{\"a\":1,\"b\":2}", remove("a"), "{\"b\":2}"),
                row("remove a missing field", "{\"b\":2}", remove("a"), SAME),
                row("no ops", "{\"a\":[1.0]}", "", SAME),
                row(
                        "merge root is shallow",
                        "{\"a\":{\"b\":1},\"c\":1}",
                        root("merge", "{\"a\":{\"d\":2}}"),
                        "{\"a\":{\"d\":2},\"c\":1}"),
                row("merge an empty object makes room", "{}", at("merge", "[\"a\",\"b\"]", "{}"), "{\"a\":{\"b\":{}}}"),
                row(
                        "merge at null and [] is the root",
                        "{\"a\":1}",
                        at("merge", "null", "{\"b\":2}") + "," + at("merge", "[]", "{\"c\":3}") + ","
                                + at("merge", "\"\"", "{\"d\":4}"),
                        "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}"),
                row(
                        "merge [''] is an empty segment",
                        "{}",
                        at("merge", "[\"\"]", "{}"),
                        "{}",
                        "0:merge.path.empty_segment"),
                row(
                        "a failed op leaves a missing item fresh",
                        MISSING,
                        by("increment", "constructor", "1") + "," + root("append", "\"s\""),
                        "\"s\"",
                        "0:increment.path.proto_polluted"),
                row(
                        "an op that succeeds does not",
                        MISSING,
                        remove("x") + "," + by("increment", "", "1"),
                        "{}",
                        "1:increment.not_number"),
                row(
                        "nor does a merge of nothing",
                        MISSING,
                        root("merge", "{}") + "," + root("append", "\"s\""),
                        "{}",
                        "1:append.type_mismatch"),
                row("append to a root array", "[1]", root("append", "[2]"), "[1,[2]]"),
                row("append to a root string", "\"a\"", root("append", "\"b\""), "\"ab\""),
                row("append to a root object", "{}", root("append", "\"b\""), "{}", "0:append.type_mismatch"),
                row(
                        "append twice to one array",
                        "{\"e\":[0]}",
                        at("append", "\"e\"", "1") + "," + at("append", "[\"e\"]", "2"),
                        "{\"e\":[0,1,2]}"),
                row("inc '' of a float", "1.5", by("increment", "", "1"), "2.5"),
                row(
                        "inc of the largest float is lost in it",
                        "{\"n\":1.7976931348623157E308}",
                        by("increment", "n", "9223372036854775807"),
                        "{\"n\":1.7976931348623157E308}"),
                row(
                        "dec of an unsigned number",
                        "{\"n\":9223372036854775808}",
                        by("decrement", "n", "1"),
                        "{\"n\":9223372036854775807}"),
                row(
                        "dec of the largest number",
                        "{\"n\":18446744073709551615}",
                        by("decrement", "n", "9223372036854775807"),
                        "{\"n\":9223372036854775808}"),
                row(
                        "inc by the smallest",
                        "{\"n\":0}",
                        by("increment", "n", "-9223372036854775808"),
                        "{\"n\":-9223372036854775808}"),
                row(
                        "dec by the smallest",
                        "{\"n\":1}",
                        by("decrement", "n", "-9223372036854775808"),
                        "{\"n\":9223372036854775809}"),
                row("inc by 0 of nothing", "{}", by("increment", "n", "0"), "{\"n\":0}"),
                row(
                        "append to a field of null",
                        "null",
                        at("append", "\"a\"", "1"),
                        "null",
                        "0:append.target_not_object"));
    }

    private static Vector row(String name, String old, String ops, String value, String... errors) {
        return new Vector(name, old, ops, value, List.of(errors));
    }

    private static @Nullable Json old(Vector vector) {
        return vector.old.equals(MISSING) ? null : Json.ofText(vector.old);
    }

    private static List<UpdateOp> ops(String ops) {
        return UpdateOps.read(Json.ofText("[" + ops + "]").tree());
    }

    private static String by(String type, String path, String by) {
        return "{\"type\":\"" + type + "\",\"path\":\"" + path + "\",\"by\":" + by + "}";
    }

    private static String root(String type, String value) {
        return "{\"type\":\"" + type + "\",\"value\":" + value + "}";
    }

    private static String at(String type, String path, String value) {
        return "{\"type\":\"" + type + "\",\"path\":" + path + ",\"value\":" + value + "}";
    }

    private static String remove(String path) {
        return "{\"type\":\"remove\",\"path\":\"" + path + "\"}";
    }
}
