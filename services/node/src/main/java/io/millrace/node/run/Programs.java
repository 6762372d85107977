package io.millrace.node.run;

import io.millrace.engine.channel.Channels;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.trigger.Triggers;
import io.millrace.engine.worker.Endpoints;
import io.millrace.engine.worker.WorkerLimits;
import io.millrace.engine.worker.Workers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;

/** What people's programs meet: functions, triggers, workers and channels. */
final class Programs {
    private static final Duration SWEEP = Duration.ofSeconds(60);

    private final Spine spine;
    private final Triggers triggers = new Triggers();
    private final Supplier<UUID> ids = UUID::randomUUID;
    private final Channels channels = new Channels(ids, InstantSource.system());
    private final Workers workers;

    Programs(Spine spine, Endpoints endpoints, WorkerLimits limits) {
        this.spine = spine;
        this.workers = new Workers(new Workers.Means(
                spine.functions(), triggers, endpoints, ids, spine.scheduler(), InstantSource.system(), limits));
    }

    /** Begins to look after what programs leave behind. */
    void start() {
        var _ = spine.scheduler().after(SWEEP, () -> {
            channels.sweep();
            start();
        });
    }

    Invoker functions() {
        return spine.functions();
    }

    Triggers triggers() {
        return triggers;
    }

    Workers workers() {
        return workers;
    }

    Channels channels() {
        return channels;
    }
}
