package io.millrace.engine.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.value.Json;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WishTest {
    private static Wish of(Kind kind, String config) {
        return of(kind, "f", config);
    }

    private static Wish of(Kind kind, String functionId, String config) {
        return Wish.of(kind, new Binding("id", kind.id(), functionId, Json.ofText(config), null, "worker"));
    }

    @Test
    void theSameTypeFunctionAndConfigAreTheSameSubscription() {
        String first = of(Kind.STATE, "{\"scope\":\"s\",\"key\":\"k\"}").subscription();

        assertThat(first).startsWith("auto-").hasSize(37);
        assertThat(of(Kind.STATE, "{\"key\":\"k\",\"scope\":\"s\"}").subscription())
                .isEqualTo(first);
        assertThat(of(Kind.STATE, "g", "{\"scope\":\"s\",\"key\":\"k\"}").subscription())
                .isNotEqualTo(first);
        assertThat(of(Kind.STATE, "{\"scope\":\"s\",\"key\":\"k2\"}").subscription())
                .isNotEqualTo(first);
        assertThat(of(Kind.STREAM, "{\"stream_name\":\"s\",\"subscription\":\"mine\"}")
                        .subscription())
                .isEqualTo("mine");
    }

    @Test
    void unknownFieldsAreIgnoredAndNullIsNone() {
        Wish wish = of(Kind.STATE, "{\"scope\":null,\"key\":null,\"condition_function_id\":null,\"what\":[1]}");

        assertThat(wish.conditionId()).isNull();
        assertThat(wish.durable()).isTrue();
        assertThat(of(Kind.STATE, "{\"durable\":false,\"condition_function_id\":\"c\"}"))
                .satisfies(live -> assertThat(live.durable()).isFalse())
                .satisfies(live -> assertThat(live.conditionId()).isEqualTo("c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "{\"scope\":1}",
                "{\"key\":{}}",
                "{\"condition_function_id\":true}",
                "{\"durable\":\"no\"}",
                "{\"subscription\":\"a b\"}",
                "{\"subscription\":\"\"}",
                "{\"subscription\":\"auto-mine\"}"
            })
    void aStateConfigThatIsNoneIsRefused(String config) {
        assertThatThrownBy(() -> of(Kind.STATE, config))
                .isInstanceOf(TriggerRefusedException.class)
                .hasMessageStartingWith("Failed to parse trigger config: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"stream_name\":null}", "{\"stream_name\":\"s\",\"group_id\":1}", "3"})
    void aStreamConfigThatIsNoneIsRefused(String config) {
        assertThatThrownBy(() -> of(Kind.STREAM, config))
                .isInstanceOf(TriggerRefusedException.class)
                .hasMessageStartingWith("Failed to deserialize stream trigger");
    }
}
