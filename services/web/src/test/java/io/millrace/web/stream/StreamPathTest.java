package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamPathTest {
    @Test
    void namesArePercentDecoded() {
        assertThat(StreamPath.of("/stream/a%2Fb/c+d/%F0%9F%8C%BE"))
                .isEqualTo(new StreamPath.Joined(new Group("a/b", "c+d"), "\ud83c\udf3e"));
    }

    @Test
    void aSlashAtTheEndMeansNothing() {
        assertThat(StreamPath.of("/stream/a/b/")).isEqualTo(new StreamPath.Joined(new Group("a", "b"), null));
        assertThat(StreamPath.of("/stream/")).isEqualTo(new StreamPath.Open());
        assertThat(StreamPath.of("/")).isEqualTo(new StreamPath.Open());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/stream/a",
                "/stream/a//",
                "/stream//b",
                "/stream/%4/b",
                "/stream/%+1/b",
                "/stream/a/%c3",
                "/stream/%ed%a0%80/b"
            })
    void anythingElseIsUnknown(String path) {
        assertThat(StreamPath.of(path)).isEqualTo(new StreamPath.Unknown());
    }
}
