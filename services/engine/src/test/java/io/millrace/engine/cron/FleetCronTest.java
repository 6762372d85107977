package io.millrace.engine.cron;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.change.MutationId;
import io.millrace.core.value.Json;
import io.millrace.engine.ManualTime;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.peer.MemoryPeers;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Jobs that several nodes have. */
class FleetCronTest {
    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemoryPeers links = new MemoryPeers(time).immediate();
    private final MemoryState state = new MemoryState();
    private final List<String> runs = new ArrayList<>();
    private final List<String> unclaimed = new ArrayList<>();
    private CompletableFuture<Outcome> answer = CompletableFuture.completedFuture(new Outcome.NoResult());
    private int ids;
    private final Node a = new Node("a");
    private final Node b = new Node("b");

    /** A node whose jobs' functions note their runs. */
    private final class Node {
        final Triggers triggers = new Triggers();
        final Cron cron;

        Node(String id) {
            Invoker functions = new Invoker();
            functions.add(List.of(new LocalFunction(FunctionDescription.of("job", "job"), invocation -> {
                String scheduled =
                        invocation.payload().tree().path("scheduled_time").asString("");
                runs.add(id + " " + scheduled.substring(14, 19));
                return answer;
            })));
            Claims claims = new StateClaims(new StateClaims.Means(
                    state,
                    state,
                    links.node(id),
                    id,
                    1,
                    () -> new MutationId("m" + ids++),
                    time,
                    Duration.ofSeconds(10)));
            cron = new Cron(
                    expression -> moment -> Optional.of(Instant.ofEpochSecond(
                            (moment.getEpochSecond() / Long.parseLong(expression) + 1) * Long.parseLong(expression))),
                    new Cron.Means(
                            functions,
                            time,
                            time,
                            Duration.ofMinutes(5),
                            new CronEvents() {
                                @Override
                                public void unclaimed(Binding job, Throwable cause) {
                                    unclaimed.add(job.id());
                                }
                            },
                            claims));
            triggers.provide(cron);
        }

        void wants(String triggerId, String expression) {
            triggers.register(new Binding(
                    triggerId, "cron", "job", Json.ofText("{\"expression\":\"" + expression + "\"}"), null, "w"));
        }
    }

    @Test
    void oneOfTheReplicasOfAProgramRunsAJobEachTime() {
        links.healAll();
        a.wants("at-a", "60");
        a.wants("at-a-too", "60");
        b.wants("at-b", "60");

        time.pass(Duration.ofMinutes(5));

        assertThat(runs)
                .extracting(run -> run.substring(2))
                .containsExactly("01:00", "02:00", "03:00", "04:00", "05:00");
        assertThat(state.writes).isEqualTo(5);
    }

    @Test
    void otherJobsOfTheSameFunctionAreJobsOfTheirOwn() {
        links.healAll();
        a.wants("one", "60");
        b.wants("two", "120");

        time.pass(Duration.ofMinutes(2));

        assertThat(runs).hasSize(3);
    }

    @Test
    void theFirstWriteDecidesHoweverManyAskAtOnce() {
        links.healAll();
        a.wants("at-a", "60");
        b.wants("at-b", "60");
        state.held = true;

        time.pass(Duration.ofMinutes(1));
        assertThat(runs).isEmpty();
        state.release();

        assertThat(runs).hasSize(1);
    }

    @Test
    void whenANodeDiesAnotherRunsTheJobTheNextTime() {
        links.healAll();
        a.wants("at-a", "60");
        b.wants("at-b", "60");
        time.pass(Duration.ofMinutes(1));
        String first = runs.getFirst().substring(0, 1);
        Node dying = first.equals("a") ? a : b;

        dying.cron.close();
        links.cut("a", "b");
        time.pass(Duration.ofMinutes(2));

        assertThat(runs).extracting(run -> run.substring(2)).containsExactly("01:00", "02:00", "03:00");
    }

    @Test
    void aRunIsNotOvertakenByAnotherNodesWhileItsNodeLivesButNotForEver() {
        links.healAll();
        a.wants("at-a", "10");
        b.wants("at-b", "10");
        answer = new CompletableFuture<>();

        time.pass(Duration.ofSeconds(39));
        assertThat(runs).hasSize(1);
        time.pass(Duration.ofSeconds(1));
        assertThat(runs).as("it may hang").hasSize(2);
    }

    @Test
    void aRunThatDiedWithItsNodeHoldsUpNobody() {
        links.healAll();
        a.wants("at-a", "10");
        answer = new CompletableFuture<>();
        time.pass(Duration.ofSeconds(10));
        assertThat(runs).hasSize(1);

        b.wants("at-b", "10");
        links.cut("a", "b");
        time.pass(Duration.ofSeconds(10));

        assertThat(runs).containsExactly("a 00:10", "b 00:20");
    }

    @Test
    void aQuickRunHoldsUpNobodyEither() {
        links.healAll();
        a.wants("at-a", "10");
        time.pass(Duration.ofSeconds(10));
        a.cron.close();
        b.wants("at-b", "10");

        time.pass(Duration.ofSeconds(10));

        assertThat(runs).containsExactly("a 00:10", "b 00:20");
    }

    @Test
    void aTimeThatNobodyCanClaimIsMissedAndToldSo() {
        a.wants("at-a", "60");
        state.away = true;
        time.pass(Duration.ofMinutes(1));
        state.away = false;
        time.pass(Duration.ofMinutes(1));

        assertThat(unclaimed).containsExactly("at-a");
        assertThat(runs).containsExactly("a 02:00");
    }
}
