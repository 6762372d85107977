package io.millrace.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalTest {
    private static final Arrival ARRIVAL =
            new Arrival(Map.of("host", "a\"b"), "/", Arrival.query("token=a%20b"), "127.0.0.1:4000");
    private static final Verdict.Refused OUT = new Verdict.Refused("not authenticated");
    private static final Verdict.Refused ABSENT = new Verdict.Refused("the auth function is not there yet", true);

    private final Doormen lenient = new Doormen(config(false));
    private final Doormen strict = new Doormen(config(true));

    private static GateConfig config(boolean strict) {
        return new GateConfig("auth", strict, false, Duration.ofSeconds(5), Duration.ZERO);
    }

    private static CompletionStage<Verdict> arrive(Doormen at) {
        CompletionStage<Verdict> verdict = at.gate.arrive(ARRIVAL);
        at.pass(Duration.ofSeconds(5));
        return verdict;
    }

    @Test
    void withoutAnAuthFunctionNobodyIsAsked() {
        Doormen at = new Doormen();
        assertThat(at.gate.asksOnArrival()).isFalse();
        assertThat(arrive(at)).isCompletedWithValue(Verdict.Admitted.UNKNOWN);
    }

    @Test
    void theAuthFunctionSeesTheRequest() {
        strict.add("auth", "{\"context\":{\"user\":7}}");
        assertThat(strict.gate.asksOnArrival()).isTrue();
        assertThat(arrive(strict)).isCompletedWithValue(new Verdict.Admitted(Json.ofText("{\"user\":7}")));
        assertThat(strict.calls)
                .singleElement()
                .satisfies(call -> assertThat(call.payload())
                        .hasToString("{\"headers\":{\"host\":\"a\\\"b\"},\"path\":\"/\","
                                + "\"query_params\":{\"token\":[\"a%20b\"]},\"addr\":\"127.0.0.1:4000\"}"));
    }

    @Test
    void aQueryIsTakenAsItIs() {
        assertThat(Arrival.query("k=v1&flag&k=v=2&=nobody&&e%3D="))
                .containsExactly(
                        Map.entry("k", List.of("v1", "v=2")),
                        Map.entry("flag", List.of("")),
                        Map.entry("e%3D", List.of("")));
        assertThat(Arrival.query("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[1]", "true", "{\"context\":null}", "\"context\""})
    void withoutAContextOnlyTheStrictRefuse(String result) {
        strict.add("auth", result);
        lenient.add("auth", result);
        assertThat(arrive(strict)).isCompletedWithValue(OUT);
        assertThat(arrive(lenient)).isCompletedWithValue(Verdict.Admitted.UNKNOWN);
    }

    @Test
    void whenTheFunctionIsMissingTheStrictRefuseForNow() {
        assertThat(arrive(strict)).isCompletedWithValue(ABSENT);
        assertThat(arrive(lenient)).isCompletedWithValue(Verdict.Admitted.UNKNOWN);
        assertThat(lenient.failures).containsExactly("auth function_not_found");
    }

    @Test
    void soItIsWhenTheFunctionHangsOrFails() {
        strict.addSilent("auth");
        lenient.add("auth", invocation -> CompletableFuture.completedStage(new Outcome.Failure("oops", "oops")));
        assertThat(arrive(strict)).isCompletedWithValue(OUT);
        assertThat(arrive(lenient)).isCompletedWithValue(Verdict.Admitted.UNKNOWN);
        assertThat(strict.failures).containsExactly("auth TIMEOUT");
    }

    @Test
    void falseIsAContext() {
        strict.add("auth", "{\"context\":false}");
        assertThat(arrive(strict)).isCompletedWithValue(new Verdict.Admitted(Json.ofText("false")));
    }
}
