package io.millrace.node.run;

import io.millrace.core.address.Space;
import io.millrace.engine.cron.Claims;
import io.millrace.engine.cron.StateClaims;
import io.millrace.engine.feed.Feeds;
import io.millrace.engine.feed.FeedsConfig;
import io.millrace.engine.feed.FrameEncoder;
import io.millrace.engine.function.BuiltIns;
import io.millrace.engine.function.FreshIds;
import io.millrace.engine.function.FunctionLimits;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.ProvidedStreams;
import io.millrace.engine.own.CommitTurns;
import io.millrace.engine.own.Ownership;
import io.millrace.engine.port.MicroClock;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.port.Tail;
import io.millrace.engine.read.OwnerReads;
import io.millrace.engine.read.Reads;
import io.millrace.engine.route.Means;
import io.millrace.engine.route.Routing;
import io.millrace.engine.route.RoutingConfig;
import io.millrace.engine.route.Waiting;
import io.millrace.engine.write.Deadlines;
import io.millrace.engine.write.Mutations;
import io.millrace.engine.write.PartitionWriter;
import io.millrace.engine.write.Retries;
import io.millrace.engine.write.WritePath;
import io.millrace.engine.write.WriterConfig;
import io.millrace.kafka.KafkaBackend;
import io.millrace.node.config.NodeConfig;
import io.millrace.node.observe.Health;
import io.millrace.node.observe.Meters;
import io.millrace.node.observe.WriteMeters;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine over Kafka: what is between the log and the edges. */
final class Spine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spine.class);
    private static final Duration LOG_RETRY = Duration.ofMillis(500);
    /** Longer than a partition is without an owner when a node dies. */
    private static final Duration CLAIM = Duration.ofSeconds(10);

    private static final Duration LAST_COMMITS = Duration.ofSeconds(5);

    private final KafkaBackend kafka;
    /** Whether nobody else can own what this node does not. */
    private final boolean alone;

    private final TimerThread timer = new TimerThread();
    private final Executor executor;
    private final Ownership ownership;
    private final FreshIds ids = freshIds();
    private final Mutations mutations;
    private final Reads reads;
    private final Invoker functions = new Invoker();
    private final Feeds feeds;
    private Tail.@Nullable Listener listener;

    Spine(NodeConfig config, KafkaBackend kafka, FleetParts fleet, Meters all, FrameEncoder encoder) {
        this.kafka = kafka;
        this.executor = fleet.executor();
        this.alone = config.broker().isEmbedded();
        WriteMeters meters = all.writes();
        MicroClock clock = new WallClock();
        this.ownership = new Ownership(
                kafka.logs(),
                writers(config),
                clock,
                kafka.lease(),
                meters,
                turns(config.writer()),
                Thread.ofPlatform().factory(),
                LAST_COMMITS);
        meters.watch(ownership::writers);
        Routing routing = new Routing(new Means(
                fleet.peers(),
                ownership,
                kafka.replicas(),
                executor,
                timer,
                clock,
                Waiting.blocking(),
                RoutingConfig.defaults(),
                all.routes()));
        ownership.watch(routing);
        Retries retries = new Retries(new Deadlines(clock, timer), timer);
        this.mutations = new WritePath(ownership, routing.remote(), retries);
        this.reads = new OwnerReads(ownership, routing.remote(), routing.copies(), retries, executor);
        ProvidedStreams provided = new ProvidedStreams(
                functions,
                InstantSource.system(),
                failure -> LOG.atWarn().setCause(failure).log("change of a provided stream was told to nobody"));
        functions.add(BuiltIns.functions(
                        mutations,
                        reads,
                        kafka.events(),
                        provided,
                        limits(config.limits()),
                        ids,
                        InstantSource.system(),
                        executor)
                .locals());
        this.feeds = new Feeds(
                feeds(config, kafka.logs().partitions(Space.STREAM)),
                kafka.logs().partitions(Space.STREAM),
                kafka.epoch(),
                reads,
                provided,
                told -> {
                    listener = told;
                    return kafka.tail();
                },
                kafka.history(),
                encoder,
                executor,
                timer,
                InstantSource.system(),
                all.feeds());
    }

    /**
     * Joins the other nodes: partitions are assigned from now on.
     *
     * @param replaced whether another process has begun under this node's id since
     */
    void start(BooleanSupplier replaced) {
        Tail.Listener told = listener;
        if (told == null) {
            throw new IllegalStateException("feeds: no listener (expected: the one they gave)");
        }
        kafka.start(ownership, told, replaced);
    }

    Invoker functions() {
        return functions;
    }

    Scheduler scheduler() {
        return timer;
    }

    /** Who of a fleet runs a job, by values of state. */
    Claims claims(FleetParts fleet) {
        return new StateClaims(new StateClaims.Means(
                mutations, reads, fleet.peers(), fleet.nodeId(), fleet.startMs(), ids, InstantSource.system(), CLAIM));
    }

    Feeds feeds() {
        return feeds;
    }

    Health.Check partitions() {
        List<PartitionWriter> writers = ownership.writers();
        long serving = writers.stream().filter(PartitionWriter::isServing).count();
        String stopped = writers.stream()
                .map(PartitionWriter::stoppedBecause)
                .filter(reason -> reason != null)
                .findFirst()
                .map(reason -> "; stopped: " + reason)
                .orElse("");
        int all = ownership.partitions(Space.STATE) + ownership.partitions(Space.STREAM);
        return new Health.Check(
                serving == writers.size() && (!writers.isEmpty() || !alone),
                serving + " served of " + writers.size() + " assigned of " + all + stopped);
    }

    /** Finishes what is under way and gives the partitions up. Kafka must still be there. */
    @Override
    public void close() {
        feeds.close();
        ownership.close();
        timer.close();
    }

    private static FreshIds freshIds() {
        byte[] chance = new byte[FreshIds.CHANCE_BYTES];
        new SecureRandom().nextBytes(chance);
        return new FreshIds(chance);
    }

    private static CommitTurns turns(NodeConfig.Writer writer) {
        return writer.commits().isPresent() ? CommitTurns.of(writer.commits().getAsInt()) : CommitTurns.unlimited();
    }

    private static WriterConfig writers(NodeConfig config) {
        NodeConfig.Writer writer = config.writer();
        return new WriterConfig(
                config.limits().valueBytes(),
                writer.batchMutations(),
                writer.batchBytes(),
                writer.queueMutations(),
                writer.queueBytes(),
                writer.overlayKeptBytes(),
                writer.dedupeWindow(),
                writer.dedupeEntries(),
                writer.dedupeBytes(),
                writer.fencedHoldOff(),
                config.broker().isEmbedded()
                        ? Duration.ZERO
                        : KafkaParts.store(config).lease(),
                LOG_RETRY);
    }

    private static FeedsConfig feeds(NodeConfig config, int partitions) {
        long window = Math.min(config.feed().windowBytes() / partitions, Integer.MAX_VALUE);
        return FeedsConfig.of(
                (int) window, config.feed().replayRecords(), config.broker().history());
    }

    private static FunctionLimits limits(NodeConfig.Limits limits) {
        return new FunctionLimits(
                limits.valueBytes(), limits.depth(), limits.nameBytes(), limits.ops(), limits.listBytes());
    }
}
