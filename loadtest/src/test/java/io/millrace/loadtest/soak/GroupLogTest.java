package io.millrace.loadtest.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GroupLogTest {
    private static final int CHANGES = 3_000;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everySnapshotSaysWhereItWasTaken(long seed) {
        GroupLog log = new GroupLog("stream", "group", 6, seed);
        List<int[]> views = new ArrayList<>(List.of(new int[6]));
        for (int i = 0; i < CHANGES; i++) {
            log.plan();
            views.add(log.values());
        }
        for (int place = 0; place <= CHANGES; place++) {
            assertThat(log.place(views.get(place))).isEqualTo(place);
        }
        assertThat(views).anyMatch(view -> view[0] == 0 && view[1] != 0);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void valuesThatWereNeverThereTogetherHaveNoPlace(long seed) {
        GroupLog log = new GroupLog("stream", "group", 6, seed);
        for (int i = 0; i < CHANGES; i++) {
            Change change = log.plan();
            int other = (change.item() + 1) % 6;
            int[] stale = log.values();
            if (stale[other] > 1) {
                stale[other]--;
                assertThat(log.place(stale)).isEqualTo(-1);
            }
        }
    }
}
