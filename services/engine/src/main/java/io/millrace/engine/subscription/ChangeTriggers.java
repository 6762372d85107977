package io.millrace.engine.subscription;

import io.millrace.engine.deliver.Deliveries;
import io.millrace.engine.deliver.Plan;
import io.millrace.engine.deliver.RetryPolicy;
import io.millrace.engine.function.Availability;
import io.millrace.engine.function.Functions;
import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.port.Tap;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** The trigger types {@code state} and {@code stream}. */
public final class ChangeTriggers {
    private final DurableTriggers durable;
    private final LiveTriggers live;
    private final ChangeTriggerType state;
    private final ChangeTriggerType stream;

    /**
     * What they live on.
     *
     * @param executor for short tasks, never on the caller's thread
     * @param onlyLive whether a binding is served live though its config does not say so: because its worker is one of
     *     thousands that come and go
     * @param sharing whether other nodes have the same subscriptions
     */
    public record Means(
            Functions functions,
            Availability availability,
            ConsumerGroups groups,
            Tap tap,
            Deliveries deliveries,
            Scheduler scheduler,
            InstantSource clock,
            Executor executor,
            Predicate<Binding> onlyLive,
            SubscriptionEvents events,
            Sharing sharing) {
        /** For the only node. */
        public Means(
                Functions functions,
                Availability availability,
                ConsumerGroups groups,
                Tap tap,
                Deliveries deliveries,
                Scheduler scheduler,
                InstantSource clock,
                Executor executor,
                Predicate<Binding> onlyLive,
                SubscriptionEvents events) {
            this(
                    functions,
                    availability,
                    groups,
                    tap,
                    deliveries,
                    scheduler,
                    clock,
                    executor,
                    onlyLive,
                    events,
                    Sharing.ALONE);
        }
    }

    /**
     * How they deliver.
     *
     * @param timeout how long a call may take; longer is a failed attempt
     */
    public record Config(Duration timeout, RetryPolicy retries, Plan.Bounds bounds) {}

    /** Nothing is bound yet. */
    public ChangeTriggers(Means means, Config config) {
        Caller caller =
                new Caller(means.functions(), means.availability(), means.clock(), config.timeout(), means.events());
        durable = new DurableTriggers(
                means.groups(),
                means.deliveries(),
                caller,
                means.scheduler(),
                config.retries(),
                config.bounds(),
                new Serial(means.executor()),
                means.sharing());
        means.sharing().answer(durable::isBound);
        live = new LiveTriggers(means.tap(), caller);
        state = new ChangeTriggerType(Kind.STATE, durable, live, means.onlyLive());
        stream = new ChangeTriggerType(Kind.STREAM, durable, live, means.onlyLive());
    }

    /** Both of them. */
    public List<TriggerType> types() {
        return List.of(state, stream);
    }

    /** A worker has said what it is, perhaps after it had registered triggers. */
    public void announced(String workerId) {
        state.announced(workerId);
        stream.announced(workerId);
    }

    /**
     * Calls nobody any more, and leaves all groups, which are kept.
     *
     * @return completes when they are left
     */
    public CompletionStage<Void> close() {
        return live.close().thenCompose(done -> durable.close());
    }
}
