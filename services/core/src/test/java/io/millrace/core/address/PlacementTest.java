package io.millrace.core.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "21, -973932308",
        "foobar, -790332482",
        "a-little-bit-long-string, -985981536",
        "a-little-bit-longer-string, -1486304829",
        "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971",
        "abc, 479470107"
    })
    void murmur2IsKafkas(String text, int hash) {
        assertThat(Placement.murmur2(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(hash);
    }

    @Test
    void aScopeIsPlacedByItsBytesAlone() {
        assertThat(new Scope("21").partition(32)).isEqualTo((-973932308 & 0x7fffffff) % 32);
        assertThat(new StateAddress("21", "x").unit().partition(8))
                .isEqualTo(new StateAddress("21", "y").unit().partition(8));
    }

    @Test
    void aGroupIsPlacedByStreamAndGroupWithAZeroByteBetween() {
        assertThat(Placement.bytes(new Group("a", "bc"))).containsExactly('a', 0, 'b', 'c');
        assertThat(Placement.bytes(new Group("ab", "c"))).containsExactly('a', 'b', 0, 'c');
        assertThat(Placement.bytes(new Group("", ""))).containsExactly(0);
        byte[] bytes = {'a', 0, 'b', 'c'};
        assertThat(new Group("a", "bc").partition(8)).isEqualTo((Placement.murmur2(bytes) & 0x7fffffff) % 8);
    }

    @Test
    void everyPartitionIsUsedAboutEvenly() {
        int[] counts = new int[8];
        for (int i = 0; i < 8_000; i++) {
            counts[new Scope("scope-" + i).partition(8)]++;
        }
        assertThat(counts).satisfies(all -> {
            for (int count : all) {
                assertThat(count).isBetween(800, 1_200);
            }
        });
    }

    @Test
    void withoutPartitionsThereIsNoPlace() {
        assertThatThrownBy(() -> new Scope("a").partition(0)).hasMessage("partitions: 0 (expected: at least 1)");
    }
}
