package io.millrace.core.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.RandomJson;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordKeyTest {
    @Test
    void theKeyIsCanonicalJson() {
        assertThat(new StateAddress("todos", "a\"b").recordKey())
                .hasToString("{\"scope\":\"todos\",\"key\":\"a\\\"b\"}");
        assertThat(new StreamAddress("chat", "room/1", "é\u0001").recordKey())
                .hasToString("{\"stream_name\":\"chat\",\"group_id\":\"room/1\",\"item_id\":\"é\\u0001\"}");
        assertThat(new Group("chat", "").eventKey()).hasToString("{\"stream_name\":\"chat\",\"group_id\":\"\"}");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void aKeySaysWhichAddressItIsOf(long seed) {
        RandomJson random = new RandomJson(new SplittableRandom(seed));
        for (int i = 0; i < 100; i++) {
            StateAddress state = new StateAddress(random.name(), random.name());
            StreamAddress item = new StreamAddress(random.name(), random.name(), random.name());
            assertThat(copy(state.recordKey()).address()).isEqualTo(state);
            assertThat(copy(item.recordKey()).address()).isEqualTo(item);
            assertThat(copy(item.recordKey()).group()).isEqualTo(item.unit());
            assertThat(copy(item.unit().eventKey()).group()).isEqualTo(item.unit());
        }
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(
            strings = {
                "",
                "x",
                "null",
                "{}",
                "[]",
                "{\"scope\":\"a\"}",
                "{\"key\":\"b\",\"scope\":\"a\"}",
                "{\"scope\":\"a\",\"key\":1}",
                "{\"scope\": \"a\",\"key\":\"b\"}",
                "{\"scope\":\"a\",\"key\":\"b\"}x",
                "{\"scope\":\"a\",\"key\":\"b\",\"c\":1}",
                "{\"scope\":\"a\",\"key\":\"b\"",
                "{\"scope\":\"\\u0061\",\"key\":\"b\"}",
                "{\"scope\":\"\\ud800\",\"key\":\"b\"}",
                "{\"stream_name\":\"s\",\"group_id\":\"g\"}",
                "{\"millrace\":\"barrier\"}"
            })
    void aKeyOfNoAddressIsUnreadable(String text) {
        RecordKey key = RecordKey.ofBytes(text.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(key::address)
                .isInstanceOf(UnreadableKeyException.class)
                .hasMessageContaining("key: " + text);
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(
            strings = {
                "{\"scope\":\"a\",\"key\":\"b\"}", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"x\":1}",
                "{\"stream_name\":\"s\",\"group_id\":\"g\"}}", "{\"stream_name\":\"s\",\"group_id\":\"\\udc00\"}"
            })
    void aKeyOfNoGroupIsUnreadable(String text) {
        RecordKey key = RecordKey.ofBytes(text.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(key::group).isInstanceOf(UnreadableKeyException.class);
    }

    @Test
    void keysAreOrderedByUnsignedBytes() {
        RecordKey ascii = new StateAddress("s", "z").recordKey();
        RecordKey accented = new StateAddress("s", "é").recordKey();
        assertThat(ascii).isLessThan(accented);
        assertThat(copy(ascii)).isEqualByComparingTo(ascii).isEqualTo(ascii).hasSameHashCodeAs(ascii);
    }

    @Test
    void theBarrierIsNobodysKey() {
        assertThat(RecordKey.BARRIER.isBarrier()).isTrue();
        assertThat(new StateAddress("millrace", "barrier").recordKey().isBarrier())
                .isFalse();
        assertThat(KeyPrefix.ofAll(Space.STATE).covers(RecordKey.BARRIER)).isFalse();
        assertThat(KeyPrefix.ofAll(Space.STREAM).covers(RecordKey.BARRIER)).isFalse();
    }

    @Test
    void aNameWithHalfASurrogatePairIsRefused() {
        assertThatThrownBy(() -> new StateAddress("a\ud800", "k"))
                .isInstanceOf(MalformedNameException.class)
                .hasMessage("scope: lone surrogate at index 1 (expected: valid Unicode)");
        assertThatThrownBy(() -> new StreamAddress("s", "g", "\udc00"))
                .hasMessage("item_id: lone surrogate at index 0 (expected: valid Unicode)");
        assertThatThrownBy(() -> new Group("s", "\udc00")).isInstanceOf(MalformedNameException.class);
        assertThatThrownBy(() -> new Scope("\udc00")).isInstanceOf(MalformedNameException.class);
    }

    private static RecordKey copy(RecordKey key) {
        return RecordKey.ofBytes(key.array().clone());
    }
}
