package io.millrace.engine.surface;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class EngineFunctionsTest {
    private final World world = new World();

    @Test
    void aChannelHasTwoEndsWithOneKey() {
        JsonNode channel = world.call("engine::channels::create", "{\"buffer_size\":5000}");
        assertThat(channel.path("writer").path("direction").asString()).isEqualTo("write");
        assertThat(channel.path("reader").path("direction").asString()).isEqualTo("read");
        assertThat(channel.path("reader").path("channel_id"))
                .isEqualTo(channel.path("writer").path("channel_id"));
        assertThat(channel.path("reader").path("access_key"))
                .isEqualTo(channel.path("writer").path("access_key"));
        assertThat(world.failure("engine::channels::create", "{\"buffer_size\":\"big\"}"))
                .isEqualTo("deserialization_error");
    }

    @Test
    void baggageOfTheCallIsShown() {
        Invocation.Context context = new Invocation.Context(null, "user=al%C3%A9x;p=1, x = %zz ,,=b,c", null, null);
        assertThat(result("engine::baggage::get_all", "{}", context))
                .isEqualTo(Json.ofText("{\"baggage\":{\"user\":\"aléx\",\"x\":\"%zz\"}}")
                        .tree());
        assertThat(result("engine::baggage::get", "{\"key\":\"user\"}", context)
                        .path("value")
                        .asString())
                .isEqualTo("aléx");
        assertThat(result("engine::baggage::get", "{\"key\":\"none\"}", context)
                        .path("value")
                        .isNull())
                .isTrue();
        assertThat(world.call("engine::baggage::set", "{\"key\":\"a\",\"value\":\"b\"}")
                        .path("success")
                        .booleanValue())
                .isTrue();
        assertThat(world.call("engine::baggage::get_all", "null")
                        .path("baggage")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void loggingHasNoResultAndIsPrinted() {
        assertThat(world.outcome("engine::log::warn", "{\"message\":\"careful\"}", Invocation.Context.NONE))
                .isInstanceOf(Outcome.NoResult.class);
        assertThat(world.printed).singleElement().satisfies(record -> {
            assertThat(record.severity()).isEqualTo(Severity.WARN);
            assertThat(record.body()).isEqualTo("careful");
            assertThat(record.serviceName()).isEqualTo("unknown");
        });
        assertThat(world.failure("engine::log::warn", "{}")).isEqualTo("deserialization_error");
    }

    @Test
    void theLatestLogsAreListedAndFiltered() {
        for (int i = 0; i < 4; i++) {
            world.outcome("engine::log::info", "{\"message\":\"m" + i + "\"}", Invocation.Context.NONE);
        }
        world.outcome("engine::log::error", "{\"message\":\"bad\",\"trace_id\":\"t\"}", Invocation.Context.NONE);
        JsonNode all = world.call("engine::logs::list", "{}");
        assertThat(all.path("total").intValue()).isEqualTo(3);
        assertThat(all.path("logs").valueStream().map(log -> log.path("body").asString()))
                .containsExactly("bad", "m3", "m2");
        assertThat(bodies("{\"severity_min\":17}")).containsExactly("bad");
        assertThat(bodies("{\"severity_text\":\"ERROR\"}")).containsExactly("bad");
        assertThat(bodies("{\"trace_id\":\"t\"}")).containsExactly("bad");
        assertThat(bodies("{\"offset\":1,\"limit\":1}")).containsExactly("m3");
        assertThat(bodies("{\"end_time\":1}")).isEmpty();
        assertThat(world.call("engine::logs::clear", "{}").path("success").booleanValue())
                .isTrue();
        assertThat(bodies("{}")).isEmpty();
    }

    @Test
    void everyFunctionSaysWhatItTakes() {
        assertThat(world.call("engine::functions::info", "{\"function_id\":\"engine::register_trigger\"}")
                        .path("request_schema"))
                .isEqualTo(Json.ofText("""
                {"type":"object","properties":{"trigger_type":{"type":"string"},"function_id":{"type":"string"},
                 "config":{},"metadata":{}},"required":["trigger_type","function_id"]}""").tree());
        assertThat(world.functions.ids().stream().filter(id -> id.startsWith("engine::")))
                .hasSize(24)
                .allSatisfy(id -> assertThat(requireNonNull(world.functions.local(id))
                                .description()
                                .requestFormat())
                        .isNotNull());
    }

    @Test
    void healthSaysWhatIsWrong() {
        assertThat(world.call("engine::health::check", "{}").path("status").asString())
                .isEqualTo("healthy");
        world.trouble = "no broker";
        JsonNode health = world.call("engine::health::check", "{}");
        assertThat(health.path("status").asString()).isEqualTo("unhealthy");
        assertThat(health.path("message").asString()).isEqualTo("no broker");
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource({"'',0,INFO", "'',1,TRACE", "'',8,DEBUG", "'',13,WARN", "'',24,ERROR", "Warn,5,WARN", "odd,17,ERROR"})
    void severityIsNamedOrNumbered(String text, int number, Severity severity) {
        assertThat(Severity.of(text, number)).isEqualTo(severity);
    }

    private java.util.List<String> bodies(String filter) {
        return world.call("engine::logs::list", filter)
                .path("logs")
                .valueStream()
                .map(log -> log.path("body").asString())
                .toList();
    }

    private JsonNode result(String functionId, String payload, Invocation.Context context) {
        return ((Outcome.Result) world.outcome(functionId, payload, context))
                .value()
                .tree();
    }
}
