package io.millrace.engine.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class BuiltInsTest {
    private final Caller caller = new Caller();

    @Test
    void thereAreFourteenInOrder() {
        assertThat(caller.functions.ids())
                .containsExactly(
                        "state::delete",
                        "state::get",
                        "state::list",
                        "state::list_groups",
                        "state::set",
                        "state::update",
                        "stream::delete",
                        "stream::get",
                        "stream::list",
                        "stream::list_all",
                        "stream::list_groups",
                        "stream::send",
                        "stream::set",
                        "stream::update");
    }

    @Test
    void anUnknownIdIsNotFound() {
        assertThat(caller.failure("state::nope", "{}"))
                .isEqualTo(new Outcome.Failure(
                        "function_not_found", "Function state::nope not found in namespace default."));
    }

    @Test
    void limitsSayWhatIsWrongWithThem() {
        assertThatThrownBy(() -> new FunctionLimits(0, 1, 1, 1, 1))
                .hasMessage("max_value_bytes: 0 (expected: at least 1)");
        assertThatThrownBy(() -> new FunctionLimits(1, 1_001, 1, 1, 1))
                .hasMessage("max_value_depth: 1001 (expected: at most 1000)");
    }
}
