package io.millrace.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.worker.Town.Resident;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What workers register, and what becomes of it when they come, go and come back. */
class RegistrationsTest {
    private final Town town = new Town();

    @Test
    void tenThousandFunctionsAreServedAndGoTogether() {
        Resident worker = town.connect();
        for (int i = 0; i < 10_000; i++) {
            worker.serves("f" + i);
        }
        assertThat(town.workers.functions()).isEqualTo(10_000);
        assertThat(town.functions.isAvailable("f9999")).isTrue();
        worker.worker().disconnected();
        assertThat(town.functions.ids()).isEmpty();
    }

    @Test
    void functionsBeyondTheLimitAreIgnored() {
        Town small = new Town(new WorkerLimits(2, 2, 2, Duration.ofSeconds(1)));
        Resident worker = small.connect();
        worker.serves("a");
        worker.serves("b");
        worker.serves("c");
        worker.serves("a");
        assertThat(worker.worker().functions()).containsExactlyInAnyOrder("a", "b");
        assertThat(small.heard).containsOnlyOnce("ignored function beyond the limit");
    }

    @Test
    void oursCannotBeTaken() {
        town.local("state::set", invocation -> CompletableFuture.completedStage(new Outcome.NoResult()));
        Resident worker = town.connect();
        worker.serves("state::set");
        assertThat(worker.link().last(ToWorker.RegistrationRejected.class))
                .isEqualTo(new ToWorker.RegistrationRejected("state::set", ""));
        assertThat(worker.worker().functions()).isEmpty();
    }

    @Test
    void anUnregisteredFunctionIsGoneAndOnlyTheWorkersOwn() {
        Resident one = town.connect();
        Resident two = town.connect();
        one.serves("f");
        two.says(new FromWorker.UnregisterFunction("f"));
        assertThat(town.functions.isAvailable("f")).isTrue();
        one.says(new FromWorker.UnregisterFunction("f"));
        assertThat(town.functions.isAvailable("f")).isFalse();
    }

    @Test
    void registeredAgainItIsAsDescribedLast() {
        Resident worker = town.connect();
        worker.serves("f");
        worker.says(new FromWorker.RegisterFunction(FunctionDescription.of("f", "better"), null));
        assertThat(town.functions.services("f"))
                .singleElement()
                .satisfies(service ->
                        assertThat(service.description().description()).isEqualTo("better"));
    }

    @Test
    void anEndpointThatIsNoneIsNotServed() {
        Resident worker = town.connect();
        worker.says(new FromWorker.RegisterFunction(FunctionDescription.of("f", ""), Json.ofText("{}")));
        assertThat(town.functions.isAvailable("f")).isFalse();
        assertThat(town.heard).contains("ignored endpoint: refused: none here");
    }

    @Test
    void whoComesBackWithItsTokenEndsItsOldConnection() {
        Resident before = town.connect();
        before.serves("f");
        CompletableFuture<Outcome> call = town.invoke("f", Instant.MAX);
        Resident after = town.connect();
        after.says(new FromWorker.Reattach(before.worker().id(), "guessed"));
        assertThat(before.link().closed).isFalse();
        after.says(new FromWorker.Reattach(before.worker().id(), before.worker().reattachToken()));
        assertThat(before.link().closed).isTrue();
        assertThat(call).isCompleted();
        assertThat(town.functions.isAvailable("f")).isFalse();
        after.serves("f");
        before.worker().disconnected();
        assertThat(town.functions.isAvailable("f")).isTrue();
        after.says(new FromWorker.Reattach(after.worker().id(), after.worker().reattachToken()));
        assertThat(after.link().closed).as("nobody ends itself").isFalse();
    }

    @Test
    void aNewConnectionTakesOverFromAnOldOneThatMayBeDead() {
        Resident before = town.connect();
        before.serves("f");
        before.serves("g");
        Resident after = town.connect();
        after.serves("f");
        after.serves("g");
        assertThat(before.link().probes).as("once is enough").isEqualTo(1);
        assertThat(after.link().probes).isZero();
        town.invoke("f", Instant.MAX);
        assertThat(after.timesCalled())
                .as("until the old one shows a sign of life")
                .isEqualTo(1);
        before.worker().disconnected();
        assertThat(after.worker().functions()).containsExactlyInAnyOrder("f", "g");
        town.invoke("g", Instant.MAX);
        assertThat(after.timesCalled()).isEqualTo(2);
    }

    @Test
    void aListenerThatFailsKeepsNothingElseFromBeingDone() {
        Resident worker = town.connect();
        worker.serves("f");
        CompletableFuture<Outcome> call = town.invoke("f", Instant.MAX);
        town.functions.onChange(id -> {
            throw new IllegalStateException("a bug");
        });
        worker.serves("g");
        worker.worker().disconnected();
        assertThat(call).isCompleted();
        assertThat(town.heard)
                .contains(
                        "broken RegisterFunction",
                        "broken end of a worker",
                        "disconnected " + worker.worker().id());
    }

    @Test
    void nothingIsRegisteredAfterTheEnd() {
        Town.SlowType slow = new Town.SlowType();
        town.triggers.provide(slow);
        Resident worker = town.connect();
        worker.worker().disconnected();
        worker.serves("f");
        worker.provides("type");
        worker.wants("t", "slow", "f", "{}");
        assertThat(town.functions.isAvailable("f")).isFalse();
        assertThat(town.triggers.type("type")).isNull();
        assertThat(town.triggers.bindings()).isEmpty();
        assertThat(worker.worker().inFlight()).isZero();
        assertThat(UUID.fromString(worker.worker().id())).isNotNull();
    }
}
