package io.millrace.core.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.RandomJson;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @Test
    void aStringIsEscapedTheShortestWay() {
        assertThat(new JsonText()
                        .quoted("a\"\\/\b\f\n\r\t\u0000\u001f\u007fé\u2028😀")
                        .toJson())
                .hasToString("\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007fé\u2028😀\"");
    }

    @Test
    void textGrowsAsItIsWritten() {
        JsonText text = new JsonText(0).raw("[");
        for (int i = 0; i < 1_000; i++) {
            text.raw(i == 0 ? "" : ",")
                    .number(i)
                    .raw(",")
                    .quoted("\u0001")
                    .raw(",")
                    .json(Json.NULL);
        }
        text.raw("]");
        assertThat(text.toJson().tree().size()).isEqualTo(3_000);
        assertThat(text.sizeBytes()).isEqualTo(text.bytes().length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\ud800\ud800\udc00", "\udc00\ud800"})
    void aLoneSurrogateIsNeverWritten(String text) {
        assertThat(JsonText.loneSurrogate(text)).isNotNegative();
        assertThatThrownBy(() -> new JsonText().quoted(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "text: lone surrogate at index " + JsonText.loneSurrogate(text) + " (expected: valid Unicode)");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void whatIsWrittenIsWhatAParserReads(long seed) {
        RandomJson random = new RandomJson(new SplittableRandom(seed));
        for (int i = 0; i < 200; i++) {
            String text = random.name();
            assertThat(new JsonText().quoted(text).toJson().tree().stringValue())
                    .isEqualTo(text);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void theTextOfABeginningIsTheBeginningOfTheText(long seed) {
        RandomJson random = new RandomJson(new SplittableRandom(seed));
        for (int i = 0; i < 200; i++) {
            String one = random.name();
            String more = one + random.name();
            String whole = new JsonText().begun(more).toJson().toString();
            assertThat(whole).startsWith(new JsonText().begun(one).toJson().toString());
        }
    }
}
