package io.millrace.core.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.address.StreamAddress;
import org.junit.jupiter.api.Test;

class VersionClockTest {
    private static final StreamAddress ITEM = new StreamAddress("s", "g", "i");

    private final VersionClock clock = new VersionClock();

    @Test
    void followsTheWallClock() {
        assertThat(next(5_000)).isEqualTo(new Version(5_000));
        assertThat(next(7_500)).isEqualTo(new Version(7_500));
        assertThat(clock.last()).isEqualTo(new Version(7_500));
    }

    @Test
    void neverRepeatsAndNeverGoesBack() {
        assertThat(next(5_000)).isEqualTo(new Version(5_000));
        assertThat(next(5_000)).isEqualTo(new Version(5_001));
        assertThat(next(1)).isEqualTo(new Version(5_002));
    }

    @Test
    void goesOnFromWhatItObserved() {
        clock.observe(new Version(9_000));
        clock.observe(new Version(4_000));
        assertThat(clock.last()).isEqualTo(new Version(9_000));
        assertThat(next(5_000)).isEqualTo(new Version(9_001));
    }

    @Test
    void goesOnFromTheItemsOwnVersion() {
        assertThat(clock.next(5_000, new Version(9_999), false)).isEqualTo(new Version(10_000));
    }

    @Test
    void givesAnItemALaterMillisecond() {
        assertThat(clock.next(5_999, new Version(5_000), true)).isEqualTo(new Version(6_000));
        assertThat(clock.next(7_000, new Version(5_000), true)).isEqualTo(new Version(7_000));
        assertThat(clock.next(1, Version.NONE, true)).isEqualTo(new Version(7_001));
    }

    @Test
    void remembersWhatWasDeletedWhileItsMillisecondLasts() {
        next(5_000);
        clock.deleted(ITEM);
        assertThat(clock.forgotten(ITEM)).isEqualTo(new Version(5_000));
        assertThat(clock.forgotten(new StreamAddress("s", "g", "j"))).isEqualTo(Version.NONE);
        next(5_500);
        assertThat(clock.forgotten(ITEM)).isEqualTo(new Version(5_500));
        next(6_000);
        assertThat(clock.forgotten(ITEM)).isEqualTo(Version.NONE);
    }

    @Test
    void knowsNotWhatAnEarlierOwnerDeleted() {
        clock.observe(new Version(5_000));
        assertThat(clock.forgotten(ITEM)).isEqualTo(new Version(5_000));
        next(5_900);
        assertThat(clock.forgotten(ITEM)).isEqualTo(new Version(5_900));
        next(6_000);
        assertThat(clock.forgotten(ITEM)).isEqualTo(Version.NONE);
    }

    @Test
    void aVersionAfterASealLiesInALaterMillisecond() {
        VersionClock clock = new VersionClock();
        Version before = clock.next(5_000_100, Version.NONE, false);

        Version seal = clock.seal();
        Version again = clock.seal();
        Version after = clock.next(5_000_200, Version.NONE, false);

        assertThat(seal).isGreaterThanOrEqualTo(before).isEqualTo(again);
        assertThat(after.timestampMs()).isGreaterThan(seal.timestampMs());
    }

    @Test
    void aVersionIsASafeIntegerEverywhere() {
        assertThat(new Version(Version.MAX_MICROS).timestampMs()).isEqualTo(9_007_199_254_740L);
        assertThatThrownBy(() -> new Version(Version.MAX_MICROS + 1))
                .hasMessage("version: 9007199254740993 (expected: 0 to 9007199254740992)");
        assertThatThrownBy(() -> new Version(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> next(Version.MAX_MICROS + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(clock.last()).isEqualTo(Version.NONE);
    }

    private Version next(long nowMicros) {
        return clock.next(nowMicros, Version.NONE, false);
    }
}
