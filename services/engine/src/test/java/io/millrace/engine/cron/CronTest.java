package io.millrace.engine.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.value.Json;
import io.millrace.engine.ManualTime;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.CronSchedules;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CronTest {
    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Invoker functions = new Invoker();
    private final List<String> skips = new ArrayList<>();
    private final List<Invocation> calls = new ArrayList<>();
    private final Triggers triggers = new Triggers();

    CronTest() {
        triggers.provide(new Cron(
                CronTest::everySoManySeconds,
                new Cron.Means(functions, time, time, Duration.ofMinutes(5), new CronEvents() {
                    @Override
                    public void skipped(Binding job, Outcome.@Nullable Failure failure) {
                        skips.add(failure == null ? "false" : failure.code());
                    }
                })));
        function("job", invocation -> {
            calls.add(invocation);
            return CompletableFuture.completedStage(new Outcome.Failure("thrown", "and only counted"));
        });
    }

    /** The expression is the number of seconds. */
    private static CronSchedules.Schedule everySoManySeconds(String expression) {
        if (!expression.matches("[0-9]+")) {
            throw new CronSchedules.MalformedException("no number");
        }
        long seconds = Long.parseLong(expression);
        return moment -> Optional.of(Instant.ofEpochSecond((moment.getEpochSecond() / seconds + 1) * seconds));
    }

    private void function(String id, Function<Invocation, CompletionStage<Outcome>> call) {
        functions.add(List.of(new LocalFunction(FunctionDescription.of(id, id), call)));
    }

    private void register(String config) {
        triggers.register(new Binding("job-1", "cron", "job", Json.ofText(config), Json.ofText("{\"m\":1}"), "w"))
                .toCompletableFuture()
                .join();
    }

    @Test
    void aJobRunsAtEachOfItsTimesAndIsToldWhich() {
        register("{\"expression\":\"3600\"}");

        time.pass(Duration.ofMinutes(119));
        assertThat(calls).hasSize(1);
        time.pass(Duration.ofMinutes(1));

        assertThat(calls).hasSize(2);
        assertThat(calls.getFirst().payload())
                .hasToString(
                        "{\"trigger\":\"cron\",\"job_id\":\"job-1\","
                                + "\"scheduled_time\":\"2026-01-01T01:00:00+00:00\",\"actual_time\":\"2026-01-01T01:00:00+00:00\"}");
        assertThat(calls.getFirst().context().metadata()).hasToString("{\"m\":1}");
        assertThat(calls.getFirst().deadline()).isEqualTo(Instant.parse("2026-01-01T01:05:00Z"));
    }

    @Test
    void whatIsDueWhileAFunctionIsAtItIsSkipped() {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        function("job", invocation -> {
            calls.add(invocation);
            return answer;
        });
        register("{\"expression\":\"10\"}");

        time.pass(Duration.ofSeconds(35));
        assertThat(calls).hasSize(1);
        answer.complete(new Outcome.NoResult());
        time.pass(Duration.ofSeconds(5));

        assertThat(calls).hasSize(2);
        assertThat(calls.getLast().payload().tree().path("scheduled_time").asString())
                .isEqualTo("2026-01-01T00:00:40+00:00");
    }

    @Test
    void aConditionThatSaysNoOrFailsSkipsTheRun() {
        List<Outcome> answers = new ArrayList<>(List.of(
                new Outcome.Result(Json.ofText("false")),
                new Outcome.Failure("thrown", "by the condition"),
                new Outcome.Result(Json.ofText("0"))));
        function("condition", invocation -> CompletableFuture.completedStage(answers.removeFirst()));
        register("{\"expression\":\"10\",\"condition_function_id\":\"condition\"}");

        time.pass(Duration.ofSeconds(30));

        assertThat(calls).hasSize(1);
        assertThat(skips).containsExactly("false", "thrown");
    }

    @Test
    void aJobThatIsUnregisteredRunsNoMore() {
        register("{\"expression\":\"10\"}");
        triggers.unregister("job-1");

        time.pass(Duration.ofMinutes(1));

        assertThat(calls).isEmpty();
    }

    @Test
    void whatIsNoJobIsRefused() {
        assertThatThrownBy(() -> register("{}"))
                .cause()
                .isInstanceOf(TriggerRefusedException.class)
                .hasMessage("Cron expression is required");
        assertThatThrownBy(() -> register("{\"expression\":\"often\"}"))
                .cause()
                .hasMessage("Invalid cron expression 'often': no number");
    }
}
