package io.millrace.engine.worker;

import io.millrace.core.value.Json;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.TriggerType;
import io.millrace.engine.trigger.Triggers;
import io.millrace.engine.worker.FromWorker.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Workers and all they live on, on one thread, with a clock that stands still and alarms that are rung by hand. */
final class Town {
    static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    final Invoker functions = new Invoker();
    final Triggers triggers = new Triggers();
    final List<Alarm> alarms = new ArrayList<>();
    final List<String> heard = new ArrayList<>();
    final Workers workers;
    private long ids;

    /** A task for later. */
    static final class Alarm {
        final Duration delay;
        private final Runnable task;
        boolean cancelled;

        Alarm(Duration delay, Runnable task) {
            this.delay = delay;
            this.task = task;
        }

        void ring() {
            if (!cancelled) {
                task.run();
            }
        }
    }

    /** A type of ours whose bindings become effective when the test says so. */
    static final class SlowType implements TriggerType {
        final Map<String, CompletableFuture<Void>> bound = new HashMap<>();
        final List<String> endings = new ArrayList<>();

        @Override
        public String id() {
            return "slow";
        }

        @Override
        public String description() {
            return "Takes its time.";
        }

        @Override
        public CompletionStage<Void> bind(Binding binding) {
            if (binding.config().tree().has("bug")) {
                throw new IllegalStateException("a bug");
            }
            if (binding.config().tree().has("bad")) {
                throw new TriggerRefusedException("bad config");
            }
            CompletableFuture<Void> effective = new CompletableFuture<>();
            bound.put(binding.id(), effective);
            return effective;
        }

        @Override
        public void unbind(Binding binding, Ending ending) {
            endings.add(binding.id() + " " + ending);
        }

        void effective(String id) {
            Objects.requireNonNull(bound.get(id)).complete(null);
        }
    }

    Town() {
        this(WorkerLimits.defaults());
    }

    Town(WorkerLimits limits) {
        workers = new Workers(new Workers.Means(
                functions, triggers, Town::noEndpoint, () -> new UUID(7, ids++), this::after, () -> NOW, limits));
        workers.listen(new WorkerEvents() {
            @Override
            public void connected(Worker worker) {
                heard.add("connected " + worker.id());
            }

            @Override
            public void disconnected(Worker worker) {
                heard.add("disconnected " + worker.id());
            }

            @Override
            public void ignored(String why) {
                heard.add("ignored " + why);
            }

            @Override
            public void broken(String what, Throwable why) {
                heard.add("broken " + what);
            }
        });
    }

    private static io.millrace.engine.function.Provider noEndpoint(String workerId, Json invocation) {
        throw new Endpoints.RefusedException("refused", "none here");
    }

    private Scheduler.Scheduled after(Duration delay, Runnable task) {
        Alarm alarm = new Alarm(delay, task);
        alarms.add(alarm);
        return () -> alarm.cancelled = true;
    }

    /** One connected worker and its end of the wire. */
    record Resident(Worker worker, FakeLink link) {
        void says(FromWorker message) {
            worker.accept(message);
        }

        void serves(String functionId) {
            says(new FromWorker.RegisterFunction(FunctionDescription.of(functionId, ""), null));
        }

        void calls(@Nullable UUID id, String functionId, String data) {
            says(new FromWorker.Invoke(id, functionId, Json.ofText(data), new Action.Call(), "trace", "bag", null));
        }

        void wants(String triggerId, String type, String functionId, String config) {
            says(new FromWorker.RegisterTrigger(triggerId, type, functionId, Json.ofText(config), null));
        }

        void provides(String type) {
            says(new FromWorker.RegisterTriggerType(type, "of a worker", null, null));
        }

        void answers(UUID id, String result) {
            says(new FromWorker.Result(id, new Outcome.Result(Json.ofText(result))));
        }

        /** The call it got last. */
        ToWorker.Invoke called() {
            return link.last(ToWorker.Invoke.class);
        }

        int timesCalled() {
            return link.got(ToWorker.Invoke.class).size();
        }
    }

    Resident connect() {
        FakeLink link = new FakeLink();
        return new Resident(workers.connect(link, "10.0.0.1"), link);
    }

    void local(String id, Function<Invocation, CompletionStage<Outcome>> call) {
        functions.add(List.of(new LocalFunction(FunctionDescription.of(id, ""), call)));
    }

    /** Calls a function as the system does. */
    CompletableFuture<Outcome> invoke(String functionId, Instant deadline) {
        return functions
                .invoke(new Invocation(functionId, Json.ofText("{}"), deadline))
                .toCompletableFuture();
    }
}
