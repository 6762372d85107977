package io.millrace.core.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.RandomJson;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeyPrefixTest {
    @Test
    void theKeysOfAUnitBeginAsOnlyTheyDo() {
        assertThat(new Scope("a").prefix()).hasToString("{\"scope\":\"a\",…");
        assertThat(new Group("s", "g").prefix()).hasToString("{\"stream_name\":\"s\",\"group_id\":\"g\",…");
        assertThat(KeyPrefix.ofStream("s")).hasToString("{\"stream_name\":\"s\",…");
        assertThat(KeyPrefix.ofNames(new Scope("a"), "k\"")).hasToString("{\"scope\":\"a\",\"key\":\"k\\\"…");
        assertThat(KeyPrefix.ofNames(new Group("s", "g"), ""))
                .hasToString("{\"stream_name\":\"s\",\"group_id\":\"g\",\"item_id\":\"…");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void aPrefixCoversItsOwnUnitAndNoOther(long seed) {
        SplittableRandom chance = new SplittableRandom(seed);
        RandomJson random = new RandomJson(chance);
        for (int i = 0; i < 300; i++) {
            // Few names meet often; nasty ones try to escape from their quotes.
            Address one = address(random, chance);
            Address other = address(random, chance);
            RecordKey key = other.recordKey();
            assertThat(one.unit().prefix().covers(key)).isEqualTo(one.unit().equals(other.unit()));
            assertThat(one.unit().prefix().covers(one.recordKey())).isTrue();
            assertThat(KeyPrefix.ofAll(one.space()).covers(key)).isEqualTo(one.space() == other.space());
            if (one instanceof StreamAddress item) {
                boolean sameStream =
                        other instanceof StreamAddress that && that.streamName().equals(item.streamName());
                assertThat(KeyPrefix.ofStream(item.streamName()).covers(key)).isEqualTo(sameStream);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void namesWithAPrefixAreThoseThatStartWithIt(long seed) {
        SplittableRandom chance = new SplittableRandom(seed);
        RandomJson random = new RandomJson(chance);
        for (int i = 0; i < 300; i++) {
            Address address = address(random, chance);
            String start = chance.nextBoolean() ? beginning(address.name(), chance) : random.name();
            assertThat(KeyPrefix.ofNames(address.unit(), start).covers(address.recordKey()))
                    .isEqualTo(address.name().startsWith(start));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void theKeysCoveredLieBetweenFirstAndAfter(long seed) {
        SplittableRandom chance = new SplittableRandom(seed);
        RandomJson random = new RandomJson(chance);
        for (int i = 0; i < 300; i++) {
            KeyPrefix prefix = KeyPrefix.ofNames(address(random, chance).unit(), random.name());
            RecordKey key = address(random, chance).recordKey();
            RecordKey after = prefix.after();
            assertThat(after).isNotNull();
            boolean between = prefix.first().compareTo(key) <= 0 && (after == null || key.compareTo(after) < 0);
            assertThat(between).isEqualTo(prefix.covers(key));
        }
    }

    @Test
    void afterIsTheSmallestKeyBeyond() {
        assertThat(new Scope("a").prefix().after()).hasToString("{\"scope\":\"a\"-");
        assertThat(KeyPrefix.ofNames(new Scope("a"), "b").after()).hasToString("{\"scope\":\"a\",\"key\":\"c");
    }

    @Test
    void aPrefixOfNamesIsWholeCodePoints() {
        assertThatThrownBy(() -> KeyPrefix.ofNames(new Scope("a"), "\ud83d"))
                .isInstanceOf(MalformedNameException.class)
                .hasMessage("prefix: lone surrogate at index 0 (expected: valid Unicode)");
    }

    @Test
    void prefixesAreEqualWhenTheirBytesAre() {
        assertThat(new Scope("a").prefix())
                .isEqualTo(KeyPrefix.ofScope("a"))
                .hasSameHashCodeAs(KeyPrefix.ofScope("a"))
                .isNotEqualTo(KeyPrefix.ofScope("b"));
    }

    private static Address address(RandomJson random, SplittableRandom chance) {
        boolean few = chance.nextBoolean();
        String first = few ? random.fewNames() : random.name();
        String second = few ? random.fewNames() : random.name();
        return chance.nextBoolean()
                ? new StateAddress(first, second)
                : new StreamAddress(first, second, few ? random.fewNames() : random.name());
    }

    private static String beginning(String name, SplittableRandom chance) {
        int points = name.codePointCount(0, name.length());
        return name.substring(0, name.offsetByCodePoints(0, chance.nextInt(points + 1)));
    }
}
