package io.millrace.core.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.RandomJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class JsonSpansTest {
    @Test
    void walksOverTheFieldsInOrder() {
        JsonSpans fields = spans("{\"a\":{\"x\":[1,\"}\"]},\"n\":-12,\"s\":\"state:created\",\"\":null}");
        assertThat(fields.next()).isTrue();
        assertThat(fields.named("a")).isTrue();
        assertThat(fields.named("b")).isFalse();
        assertThat(fields.named("aa")).isFalse();
        assertThat(fields.json()).hasToString("{\"x\":[1,\"}\"]}");
        JsonSpans inner = fields.object();
        assertThat(inner.next()).isTrue();
        assertThat(inner.named("x")).isTrue();
        assertThat(inner.next()).isFalse();
        assertThat(fields.next()).isTrue();
        assertThat(fields.number()).isEqualTo(-12);
        assertThat(fields.next()).isTrue();
        assertThat(fields.is("state:created")).isTrue();
        assertThat(fields.is("state:create")).isFalse();
        assertThat(fields.next()).isTrue();
        assertThat(fields.named("")).isTrue();
        assertThat(fields.json().isNull()).isTrue();
        assertThat(fields.next()).isFalse();
        assertThat(fields.next()).isFalse();
    }

    @Test
    void anEmptyObjectHasNoFields() {
        assertThat(spans("{}").next()).isFalse();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void findsTheFieldsThatAParserFinds(long seed) {
        RandomJson random = new RandomJson(new SplittableRandom(seed));
        for (int i = 0; i < 100; i++) {
            ObjectNode object = random.object(5);
            List<Json> expected = object.values().stream().map(Json::of).toList();
            List<Json> found = new ArrayList<>();
            JsonSpans fields = new JsonSpans(Json.of(object).utf8());
            while (fields.next()) {
                found.add(fields.json());
            }
            assertThat(found).isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(
            strings = {
                "",
                "5",
                "[]",
                "{",
                "{\"a",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":[",
                "{\"a\":\"x",
                "{\"a\":}",
                "{\"a\" :1}",
                "{1:2}",
                "{\"a\":\"\\",
                "{\"a\":1,"
            })
    void textThatIsNoCompactObjectIsUnreadable(String text) {
        assertThatThrownBy(() -> {
                    JsonSpans fields = spans(text);
                    while (fields.next()) {
                        fields.json();
                    }
                })
                .isInstanceOf(UnreadableTextException.class)
                .hasMessageStartingWith("text at byte ");
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"1.0", "\"1\"", "9223372036854775808", "null", "1e2"})
    void aNumberIsAnIntegerOrUnreadable(String number) {
        JsonSpans fields = spans("{\"n\":" + number + "}");
        fields.next();
        assertThatThrownBy(fields::number)
                .isInstanceOf(UnreadableTextException.class)
                .hasMessage("number: " + number + " (expected: a 64-bit integer)");
    }

    private static JsonSpans spans(String text) {
        return new JsonSpans(text.getBytes(StandardCharsets.UTF_8));
    }
}
