package io.millrace.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KindsTest {
    @ParameterizedTest
    @CsvSource({"1B,1", "1KiB,1024", "1.5 kib,1536", "2MiB,2097152", "0,0", "1GiB,1073741824"})
    void aSizeIsANumberWithItsUnit(String text, long bytes) throws Unfit {
        assertThat(Kinds.size("0B", "1GiB").read(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"250ms,250", "30s,30000", "1.5m,90000", "24h,86400000", "2 d,172800000"})
    void aTimeIsANumberWithItsUnit(String text, long millis) throws Unfit {
        assertThat(Kinds.span("0ms", "9d").read(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-1s", "s", "1s1s", "1 year", "10d", "0.0001s", "999999999999d"})
    void whatHasNoUnitOrIsOutOfBoundsIsNoTime(String text) {
        assertThatThrownBy(() -> Kinds.span("0ms", "9d").read(text)).isInstanceOf(Unfit.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "11", "1.0", "ten", "99999999999999999999"})
    void whatIsOutOfBoundsIsNoWholeNumber(String text) {
        assertThatThrownBy(() -> Kinds.whole(1, 10).read(text)).isInstanceOf(Unfit.class);
    }

    @Test
    void aListMayBeEmptyAndItsPartsMayNot() throws Unfit {
        Kind<List<String>> origins = Kinds.list(Kinds.text("a word", "[a-z]+"));
        assertThat(origins.read("")).isEmpty();
        assertThat(origins.read("a, b")).containsExactly("a", "b");
        assertThatThrownBy(() -> origins.read("a,,b")).isInstanceOf(Unfit.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void everyDefaultFitsItsOwnSetting(Setting<?> setting) throws Unfit {
        assertThat(setting.kind().read(setting.fallback())).isNotNull();
        assertThat(setting.doc()).endsWith(".");
    }

    static List<Setting<?>> settings() {
        return Settings.ALL;
    }
}
