package io.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a copy is known to have lacked nothing. */
class CopyPlaceTest {
    private final CopyPlace place = new CopyPlace();

    @Test
    void aCopyThatHasSeenNoEndIsOfNoKnownAge() {
        place.begins(10);
        assertThat(place.currentMs()).isZero();
        assertThat(place.applied()).isEqualTo(9);
    }

    @Test
    void aCopyIsAsOldAsTheLatestEndItHasReached() {
        place.begins(0);
        place.end(1_000, 5);
        place.end(2_000, 9);
        assertThat(place.currentMs()).isZero();
        place.filled(4);
        assertThat(place.currentMs()).isEqualTo(1_000);
        place.filled(7);
        assertThat(place.currentMs()).isEqualTo(1_000);
        place.filled(8);
        assertThat(place.currentMs()).isEqualTo(2_000);
    }

    @Test
    void anEndThatDoesNotMoveIsReachedAsOfTheLastTimeItWasSeen() {
        place.begins(0);
        place.end(1_000, 5);
        place.end(2_000, 5);
        place.filled(4);
        assertThat(place.currentMs()).isEqualTo(2_000);
        place.end(3_000, 5);
        assertThat(place.currentMs()).isEqualTo(3_000);
    }

    @Test
    void markersAtTheEndAreNotLacked() {
        place.begins(0);
        place.filled(3);
        place.end(1_000, 5);
        assertThat(place.isOpen(5)).isTrue();
        assertThat(place.currentMs()).isZero();
        place.quiet(3, 5);
        assertThat(place.isOpen(5)).isFalse();
        assertThat(place.currentMs()).isEqualTo(1_000);
        place.end(2_000, 7);
        assertThat(place.isOpen(7)).isTrue();
        assertThat(place.currentMs()).isEqualTo(1_000);
    }

    @Test
    void aCopyWhoseFilesWereLostIsOfNoKnownAgeUntilItHasCaughtUp() {
        place.begins(0);
        place.filled(4);
        place.end(1_000, 5);
        assertThat(place.currentMs()).isEqualTo(1_000);
        place.begins(0);
        assertThat(place.currentMs()).isZero();
        place.end(2_000, 5);
        assertThat(place.currentMs()).isZero();
        place.filled(4);
        assertThat(place.currentMs()).isEqualTo(2_000);
    }

    @Test
    void aCopyThatStaysBehindForLongForgetsTheOldestEnds() {
        place.begins(0);
        for (int i = 1; i <= 1_000; i++) {
            place.end(i, i);
        }
        place.filled(499);
        assertThat(place.currentMs()).isZero();
        place.filled(999);
        assertThat(place.currentMs()).isEqualTo(1_000);
    }
}
