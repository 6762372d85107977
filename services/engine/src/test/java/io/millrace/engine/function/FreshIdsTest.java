package io.millrace.engine.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.change.MutationId;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FreshIdsTest {
    @Test
    void noIdIsGivenTwiceNorByTwoProcesses() {
        byte[] other = new byte[FreshIds.CHANCE_BYTES];
        other[0] = 1;
        FreshIds here = new FreshIds(new byte[FreshIds.CHANCE_BYTES]);
        FreshIds there = new FreshIds(other);

        assertThat(Stream.concat(
                        Stream.generate(here).limit(1_000),
                        Stream.generate(there).limit(1_000)))
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id.text()).hasSizeLessThanOrEqualTo(MutationId.MAX_BYTES));
    }

    @Test
    void tooLittleChanceIsRefused() {
        assertThatThrownBy(() -> new FreshIds(new byte[8])).hasMessage("chance: 8 bytes (expected: 16)");
    }
}
