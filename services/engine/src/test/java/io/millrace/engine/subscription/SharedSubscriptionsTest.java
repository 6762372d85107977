package io.millrace.engine.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.ManualTime;
import io.millrace.engine.deliver.Deliveries;
import io.millrace.engine.deliver.DeliveryEvents;
import io.millrace.engine.deliver.Plan;
import io.millrace.engine.deliver.RetryPolicy;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.peer.MemoryPeers;
import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.reach.Reach;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Triggers;
import io.millrace.engine.worker.Endpoints;
import io.millrace.engine.worker.WorkerLimits;
import io.millrace.engine.worker.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Subscriptions that triggers of several nodes have. */
class SharedSubscriptionsTest {
    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemoryPeers links = new MemoryPeers(time).immediate();
    private final List<String> deleted = new ArrayList<>();
    private final Triggers a = node("a");
    private final Triggers b = node("b");

    private Triggers node(String id) {
        Invoker functions = new Invoker();
        Triggers triggers = new Triggers();
        Workers workers = new Workers(new Workers.Means(
                functions,
                triggers,
                (workerId, invocation) -> {
                    throw new Endpoints.RefusedException("refused", "none here");
                },
                () -> new UUID(0, 0),
                time,
                time,
                WorkerLimits.defaults()));
        Reach reach = new Reach(new Reach.Means(id, links.node(id), functions, triggers, workers, time, Runnable::run));
        Groups groups = new Groups();
        ChangeTriggers changes = new ChangeTriggers(
                new ChangeTriggers.Means(
                        functions,
                        functions,
                        groups,
                        (topics, listener) -> {
                            throw new IllegalStateException("tap: unexpected (expected: none in these tests)");
                        },
                        new Deliveries(new Deliveries.Means(
                                groups,
                                letter -> CompletableFuture.completedStage(null),
                                time,
                                time,
                                () -> 0.5,
                                new DeliveryEvents() {})),
                        time,
                        time,
                        Runnable::run,
                        binding -> false,
                        new SubscriptionEvents() {},
                        reach.sharing()),
                new ChangeTriggers.Config(
                        Duration.ofSeconds(30),
                        new RetryPolicy(1, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                        new Plan.Bounds(1, 1, 1)));
        changes.types().forEach(triggers::provide);
        return triggers;
    }

    private static void register(Triggers at, String id) {
        at.register(new Binding(id, "state", "f", Json.ofText("{\"subscription\":\"mine\"}"), null, "w"));
    }

    @Test
    void whatAnotherNodeStillHasIsNotForgotten() {
        links.healAll();
        register(a, "one");
        register(b, "two");

        a.unregister("one");
        assertThat(deleted).isEmpty();
        b.unregister("two");

        assertThat(deleted).containsExactly("trigger.mine");
    }

    @Test
    void whoDoesNotAnswerMayHaveIt() {
        links.healAll();
        register(a, "one");
        links.drop("b", "a", true);

        a.unregister("one");
        time.pass(Duration.ofSeconds(10));
        links.expire();

        assertThat(deleted).isEmpty();
    }

    /** Has every group there is. */
    private final class Groups implements ConsumerGroups {
        @Override
        public CompletionStage<Void> prepare(String group, Set<String> topics) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public Membership join(String group, Set<String> topics, Listener listener) {
            throw new IllegalStateException("join: unexpected (expected: nobody serves the function)");
        }

        @Override
        public CompletionStage<Void> delete(String group) {
            deleted.add(group);
            return CompletableFuture.completedStage(null);
        }
    }
}
