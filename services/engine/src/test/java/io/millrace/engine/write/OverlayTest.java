package io.millrace.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.RecordKey;
import io.millrace.core.address.StateAddress;
import io.millrace.core.change.Current;
import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverlayTest {
    private static final RecordKey A = key("a");
    private static final RecordKey B = key("b");
    private static final RecordKey C = key("c");

    @Test
    void whatTheStoreHasMayStayButIsNotCountedNorCopied() {
        Overlay overlay = new Overlay(1_000_000);
        overlay.put(A, value(1), 1);
        overlay.put(B, value(2), 2);

        overlay.prune(1);

        assertThat(overlay.get(A)).isEqualTo(value(1));
        assertThat(overlay.unconfirmed()).isEqualTo(1);
        assertThat(overlay.copy(A, null)).containsOnlyKeys(B);
    }

    @Test
    void withoutRoomAnEntryGoesAsSoonAsTheStoreHasItsVeryOffset() {
        Overlay overlay = new Overlay(0);
        overlay.put(A, value(1), 1);
        overlay.put(B, value(2), 2);
        overlay.put(A, value(3), 3);

        overlay.prune(2);

        assertThat(overlay.get(A)).isEqualTo(value(3));
        assertThat(overlay.get(B)).isNull();
        overlay.prune(3);
        assertThat(overlay.get(A)).isNull();
        assertThat(overlay.isConfirmed()).isTrue();
    }

    @Test
    void aCopyIsARangeInOrder() {
        Overlay overlay = new Overlay(0);
        overlay.put(C, value(1), 1);
        overlay.put(A, value(2), 2);
        overlay.put(B, value(3), 3);

        assertThat(overlay.copy(A, C)).containsExactly(Map.entry(A, value(2)), Map.entry(B, value(3)));
    }

    @Test
    void afterATakeoverNothingIsLeft() {
        Overlay overlay = new Overlay(1_000_000);
        overlay.put(A, value(1), 1);
        overlay.prune(1);
        overlay.put(B, value(2), 2);

        overlay.clear();

        assertThat(overlay.get(A)).isNull();
        assertThat(overlay.get(B)).isNull();
        assertThat(overlay.isConfirmed()).isTrue();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void overlayOverStoreIsAlwaysTheLastWrite(long seed) {
        Random random = new Random(seed);
        Overlay overlay = new Overlay(random.nextInt(3) * 1_500L);
        Map<RecordKey, Current> written = new HashMap<>();
        Map<RecordKey, Current> store = new HashMap<>();
        RecordKey[] keyAt = new RecordKey[5_001];
        int applied = 0;
        for (int offset = 1; offset <= 5_000; offset++) {
            RecordKey key = key("k" + random.nextInt(20));
            keyAt[offset] = key;
            written.put(key, value(offset));
            overlay.put(key, value(offset), offset);
            if (random.nextInt(3) == 0) {
                int next = applied + random.nextInt(offset - applied + 1);
                for (; applied < next; applied++) {
                    store.put(keyAt[applied + 1], value(applied + 1));
                }
                overlay.prune(applied);
            }
            RecordKey asked = key("k" + random.nextInt(20));
            Current over = overlay.get(asked);
            assertThat(over == null ? store.get(asked) : over).isEqualTo(written.get(asked));
            Map<RecordKey, Current> cut = new HashMap<>(store);
            cut.putAll(overlay.copy(key(""), null));
            assertThat(cut).isEqualTo(written);
        }
        overlay.prune(5_000);
        assertThat(overlay.isConfirmed()).isTrue();
    }

    private static RecordKey key(String name) {
        return new StateAddress("s", name).recordKey();
    }

    private static Current value(int number) {
        return new Current.Present(Json.ofText(Integer.toString(number)), new Version(number));
    }
}
