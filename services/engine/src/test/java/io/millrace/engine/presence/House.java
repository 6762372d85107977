package io.millrace.engine.presence;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.ManualTime;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.gate.GateConfig;
import io.millrace.engine.gate.GateEvents;
import io.millrace.engine.gate.Gatekeeper;
import io.millrace.engine.gate.Visit;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A node that dies and comes back, the log that outlives it, and the functions that are told of leaves. */
final class House implements PresenceEvents {
    static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    static final Group GROUP = new Group("room", "a");

    final ManualTime time = new ManualTime(NOW);
    final MemoryPresenceLog log;
    /** The payloads that functions were called with, after the name of each. */
    final List<String> told = new ArrayList<>();
    /** Functions that fail. */
    final Set<String> failing = new HashSet<>();

    int dropped;
    int forgotten;
    int toldAfterCrash;
    int tooLarge;
    /** Calls of functions that fail. */
    int failed;

    private @Nullable Life life;

    House() {
        this(() -> false);
    }

    House(BooleanSupplier takenThoughAway) {
        this.log = new MemoryPresenceLog(time, takenThoughAway);
        restart();
    }

    /** What dies with the node. */
    private static final class Life {
        private boolean over;
        private final Triggers triggers = new Triggers();
        private final Invoker functions = new Invoker();
        private final Presence presence;

        Life(House house) {
            Scheduler mine = (delay, task) -> house.time.after(delay, () -> {
                if (!over) {
                    task.run();
                }
            });
            Gatekeeper gate = new Gatekeeper(GateConfig.defaults(), functions, house.time, mine, GateEvents.NONE);
            gate.types().forEach(triggers::provide);
            long startMs = house.time.instant().toEpochMilli();
            presence = new Presence(
                    new PresenceConfig("node-1", startMs, Duration.ofHours(24), 1 << 20),
                    new Means(house.log, gate, house.time, mine, Runnable::run, house));
            functions.add(List.of(presence.function()));
        }
    }

    private Life alive() {
        Life now = life;
        if (now == null) {
            throw new IllegalStateException("node: dead (expected: alive)");
        }
        return now;
    }

    Presence presence() {
        return alive().presence;
    }

    /** Dies at once, as by kill -9, a moment before it would be started again. */
    void restart() {
        if (life != null) {
            life.over = true;
            pass(Duration.ofMillis(10));
        }
        life = new Life(this);
        alive().presence.start();
    }

    /** A worker has come with a function that wants to be told of leaves. */
    void bind(String function, String config) {
        alive().functions.add(List.of(new LocalFunction(FunctionDescription.of(function, "told"), invocation -> {
            boolean fails = failing.contains(function);
            if (fails) {
                failed++;
            } else {
                told.add(function + " " + invocation.payload());
            }
            return CompletableFuture.completedStage(
                    fails ? new Outcome.Failure("oops", "oops") : new Outcome.NoResult());
        })));
        alive().triggers
                .register(new Binding(
                        "t-" + function, "stream:leave", function, Json.ofText(config), null, "worker of " + function));
    }

    void bind(String function) {
        bind(function, "{}");
    }

    void workerGone(String function) {
        alive().triggers.workerGone("worker of " + function);
    }

    static Visit visit(long socket, String subscription) {
        return new Visit(socket, subscription, GROUP, null, Json.ofText("{\"user\":" + socket + "}"));
    }

    void join(Visit visit) {
        presence().gate().joined(visit);
    }

    void leave(Visit visit) {
        presence().gate().left(visit);
    }

    void pass(Duration duration) {
        time.pass(duration);
    }

    /** Long enough for everything to be written. */
    void settle() {
        pass(Duration.ofSeconds(3));
    }

    /** What {@code stream::subscribers} answers. */
    Json list(String request) {
        Outcome outcome = alive().functions
                .invoke(new Invocation("stream::subscribers", Json.ofText(request), Instant.MAX))
                .toCompletableFuture()
                .join();
        return switch (outcome) {
            case Outcome.Result(Json value) -> value;
            case Outcome.NoResult ignored -> throw new AssertionError("no result");
            case Outcome.Failure failure -> throw new AssertionError(failure);
        };
    }

    static String told(String function, Visit visit) {
        return function + " " + visit.payload();
    }

    @Override
    public void dropped() {
        dropped++;
    }

    @Override
    public void forgotten() {
        forgotten++;
    }

    @Override
    public void told() {
        toldAfterCrash++;
    }

    @Override
    public void tooLarge() {
        tooLarge++;
    }
}
