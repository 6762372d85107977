package io.millrace.core.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MutationIdTest {
    @Test
    void anIdHas1To64Bytes() {
        assertThat(new MutationId("x")).hasToString("x");
        assertThat(new MutationId("é".repeat(32)).text()).hasSize(32);
        assertThatThrownBy(() -> new MutationId("")).hasMessage("mutation_id: 0 bytes (expected: 1 to 64)");
        assertThatThrownBy(() -> new MutationId("é".repeat(32) + "x"))
                .hasMessage("mutation_id: 65 bytes (expected: 1 to 64)");
    }

    @Test
    void twoIdsNeverBecomeOneInUtf8() {
        assertThatThrownBy(() -> new MutationId("a\ud800"))
                .hasMessage("mutation_id: lone surrogate (expected: valid Unicode)");
    }
}
