package io.millrace.core.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void valuesAreEqualWhenTheirTextIs() {
        Json one = Json.ofText("{\"a\": 1}");
        assertThat(one)
                .isEqualTo(Json.ofTrusted("{\"a\":1}".getBytes(StandardCharsets.UTF_8)))
                .hasSameHashCodeAs(Json.ofText("{\"a\":1}"))
                .isNotEqualTo(Json.ofText("{\"a\":1.0}"));
        assertThat(one.sizeBytes()).isEqualTo(7);
    }

    @Test
    void nullIsAValue() {
        assertThat(Json.NULL.isNull()).isTrue();
        assertThat(Json.ofText("null")).isEqualTo(Json.NULL);
        assertThat(Json.ofText("\"null\"").isNull()).isFalse();
        assertThat(Json.ofText("1234").isNull()).isFalse();
    }

    @Test
    void trustedTextThatIsNoJsonIsAnAlarm() {
        assertThatThrownBy(() -> Json.ofTrusted(new byte[] {'t', 'r', 'u'}).tree())
                .isInstanceOf(UnreadableTextException.class)
                .hasMessage("value of 3 bytes: Unrecognized token at line 1 column 1");
    }

    @Test
    void theTreeIsReadOnce() {
        Json json = Json.ofTrusted("[1]".getBytes(StandardCharsets.UTF_8));
        assertThat(json.tree()).isSameAs(json.tree());
    }
}
