package io.millrace.core.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.address.Space;
import org.junit.jupiter.api.Test;

class PositionTest {
    private final Position position = new Position(Space.STATE, 3, 7);

    @Test
    void positionsOfOnePartitionAreInOrder() {
        assertThat(position.isAtOrAfter(new Position(Space.STATE, 3, 7))).isTrue();
        assertThat(position.isAtOrAfter(new Position(Space.STATE, 3, -1))).isTrue();
        assertThat(position.isAtOrAfter(new Position(Space.STATE, 3, 8))).isFalse();
    }

    @Test
    void positionsOfDifferentPartitionsAreNot() {
        assertThatThrownBy(() -> position.isAtOrAfter(new Position(Space.STATE, 4, 7)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> position.isAtOrAfter(new Position(Space.STREAM, 3, 7)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
