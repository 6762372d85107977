package io.millrace.core.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.RandomJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class JsonReaderTest {
    private final JsonReader reader = new JsonReader(8);

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-1",
                "7",
                "2147483648",
                "9007199254740993",
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551615",
                "-9223372036854775808",
                "1.0",
                "0.1",
                "-0.0",
                "2.5",
                "\"\"",
                "\"a/b\"",
                "\"é😀\"",
                "\"\\u0000\"",
                "[]",
                "{}",
                "[1,[2,{\"a\":[]}]]",
                "{\"b\":1,\"a\":2,\"\":3}"
            })
    void aCompactDocumentReadsAndWritesTheSame(String text) {
        assertThat(read(text)).hasToString(text);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "18446744073709551616, 1.8446744073709552E19",
        "-9223372036854775809, -9.223372036854776E18",
        "1e2, 100.0",
        "1E+2, 100.0",
        "1e-999, 0.0"
    })
    void aNumberThatIsNoSixtyFourBitIntegerIsADouble(String text, String written) {
        assertThat(read(text)).hasToString(written);
        assertThat(read(written)).hasToString(written);
    }

    @Test
    void ofRepeatedFieldsTheLastOneWins() {
        assertThat(read("{\"a\":1,\"b\":2,\"a\":{\"c\":3}}")).hasToString("{\"a\":{\"c\":3},\"b\":2}");
    }

    @Test
    void spaceBetweenTokensIsDropped() {
        assertThat(read(" {\n \"a\" :\t[ 1 , 2 ]\r} ")).hasToString("{\"a\":[1,2]}");
    }

    @Test
    void aPairOfEscapedSurrogatesIsOneCodePoint() {
        assertThat(read("\"\\ud83d\\uDE00\"")).hasToString("\"😀\"");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|EOF while parsing a value",
                "` `|EOF while parsing a value",
                "[1,|EOF while parsing a value at line 1 column 4",
                "{\"a\":|EOF while parsing a value at line 1 column 6",
                "{\"a|EOF while parsing a value at line 1 column 4",
                "\"a\\|EOF while parsing a value at line 1 column 4",
                "1 2|trailing characters at line 1 column 3",
                "{}{}|trailing characters at line 1 column 3",
                "[1}|Unexpected close marker at line 1 column 3",
                "[1,]|Unexpected character at line 1 column 4",
                "{a:1}|Unexpected character at line 1 column 2",
                "'a'|Unexpected character at line 1 column 1",
                "/**/1|Unexpected character at line 1 column 1",
                "tru|Unrecognized token at line 1 column 1",
                "{} secret|Unrecognized token at line 1 column 4",
                "NaN|Non-standard token at line 1 column 4",
                "01|Invalid numeric value at line 1 column 2",
                "+1|Unexpected character at line 1 column 2",
                "1.|Unexpected character at line 1 column 2",
                "\"\\x\"|Unrecognized character escape at line 1 column 3",
                "1e999|number out of range",
                "[-1e999]|number out of range",
                "[[[[[[[[[1]]]]]]]]]|nested deeper than 8",
                "\"\\ud800\"|lone surrogate at byte 1",
                "\"a\\udc00b\"|lone surrogate at byte 2",
                "\"\\ud800\\ud800\"|lone surrogate at byte 1",
                "\"\\ud800\\n\"|lone surrogate at byte 1",
                "{\"\\ud800\":1}|lone surrogate at byte 2"
            })
    void anythingElseIsRefusedInPlainWords(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage(message);
    }

    @Test
    void aNumberOfAThousandDigitsIsRefusedWithoutReadingIt() {
        assertThatThrownBy(() -> read("1".repeat(1_001)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage("number of more than 1000 characters");
        assertThatThrownBy(() -> read("1".repeat(400)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage("number out of range");
    }

    @Test
    void aBackslashBeforeTheEscapeOfASurrogateMakesItText() {
        assertThat(read("\"\\\\ud800\"").tree().stringValue()).isEqualTo("\\ud800");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "efbbbf31, byte order mark at byte 0",
        "22ff22, invalid UTF-8 at byte 1",
        "228022, invalid UTF-8 at byte 1",
        "22c08022, invalid UTF-8 at byte 1",
        "22e0808022, invalid UTF-8 at byte 1",
        "22f080808022, invalid UTF-8 at byte 1",
        "22eda08022, invalid UTF-8 at byte 1",
        "22f490808022, invalid UTF-8 at byte 1",
        "22e28222, invalid UTF-8 at byte 1",
        "22e282, invalid UTF-8 at byte 1",
        "feff0031, invalid UTF-8 at byte 0",
        "3100, invalid UTF-8 for JSON at byte 1",
        "00000031, invalid UTF-8 for JSON at byte 0"
    })
    void everyEncodingButUtf8IsRefused(String hex, String message) {
        assertThatThrownBy(() -> reader.tree(HexFormat.of().parseHex(hex)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage(message);
    }

    @Test
    void documentsMayNestAsDeepAsTheReaderSays() {
        assertThat(read("[".repeat(8) + "]".repeat(8)).sizeBytes()).isEqualTo(16);
        String deepest = "[".repeat(JsonReader.MAX_DEPTH) + "]".repeat(JsonReader.MAX_DEPTH);
        assertThat(new JsonReader(JsonReader.MAX_DEPTH).json(deepest.getBytes(StandardCharsets.UTF_8)))
                .hasToString(deepest);
    }

    @ParameterizedTest(name = "depth {0}")
    @ValueSource(ints = {0, -1, 1_001})
    void aReaderHasASensibleDepth(int depth) {
        assertThatThrownBy(() -> new JsonReader(depth)).hasMessage("maxDepth: " + depth + " (expected: 1 to 1000)");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void whateverIsWrittenReadsTheSame(long seed) {
        RandomJson random = new RandomJson(new SplittableRandom(seed));
        for (int i = 0; i < 50; i++) {
            JsonNode tree = random.tree(6);
            Json written = Json.of(tree);
            Json again = reader.json(written.utf8());
            assertThat(again).isEqualTo(written);
            assertThat(Json.ofTrusted(written.utf8()).tree()).isEqualTo(again.tree());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void damagedTextIsReadAsJsonOrRefusedAndNothingElse(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            byte[] text = new RandomJson(random).value().utf8().clone();
            for (int hits = random.nextInt(1, 4); hits > 0; hits--) {
                text[random.nextInt(text.length)] = (byte) random.nextInt(256);
            }
            byte[] damaged = Arrays.copyOf(text, random.nextInt(text.length + 1));
            try {
                Json json = reader.json(damaged);
                assertThat(reader.json(json.utf8())).isEqualTo(json);
            } catch (MalformedJsonException e) {
                assertThat(e.getMessage()).doesNotContain("Source", "`", "REDACTED", "Feature");
            }
        }
    }

    private Json read(String text) {
        return reader.json(text.getBytes(StandardCharsets.UTF_8));
    }
}
