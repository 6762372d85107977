package io.millrace.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HttpSettingsTest {
    @Test
    void aMiddlewaresPriorityIsWhatFollowsASingleColon() {
        assertThat(HttpSettings.middleware(List.of("auth::check", "auth::check:10", "log:-5", "v::2", "a::b:x")))
                .containsExactly(
                        new NodeConfig.Middleware("auth::check", 0),
                        new NodeConfig.Middleware("auth::check", 10),
                        new NodeConfig.Middleware("log", -5),
                        new NodeConfig.Middleware("v::2", 0),
                        new NodeConfig.Middleware("a::b:x", 0));
    }
}
