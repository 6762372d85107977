package io.millrace.node.run;

import io.millrace.engine.channel.ChannelFinder;
import io.millrace.engine.channel.Channels;
import io.millrace.engine.channel.Pipes;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.reach.Reach;
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
    private final Channels channels;
    private final Pipes pipes;
    private final Workers workers;
    private final Reach reach;

    /** Reaches everything of other nodes, and is reached by them. */
    Programs(Spine spine, FleetParts fleet, Endpoints endpoints, WorkerLimits limits) {
        this.spine = spine;
        InstantSource clock = InstantSource.system();
        this.channels = new Channels(fleet.nodeId(), ids, clock);
        this.pipes = new Pipes(channels, fleet.peers(), clock, spine.scheduler());
        this.workers = new Workers(
                new Workers.Means(spine.functions(), triggers, endpoints, ids, spine.scheduler(), clock, limits));
        this.reach = new Reach(new Reach.Means(
                fleet.nodeId(), fleet.peers(), spine.functions(), triggers, workers, clock, fleet.executor()));
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

    /** Where the ends of channels are found, of this node's and of others'. */
    ChannelFinder channelFinder() {
        return pipes;
    }

    /** What other nodes have. */
    Reach reach() {
        return reach;
    }
}
