package io.millrace.kafka;

import io.millrace.core.address.Space;
import io.millrace.engine.port.Assignment;
import io.millrace.engine.port.ClusterLog;
import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.DeadLetters;
import io.millrace.engine.port.EventLog;
import io.millrace.engine.port.Evictions;
import io.millrace.engine.port.History;
import io.millrace.engine.port.Lease;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.MessageLog;
import io.millrace.engine.port.PartitionLogs;
import io.millrace.engine.port.PresenceLog;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.port.Replicas;
import io.millrace.engine.port.Tail;
import io.millrace.engine.port.Tap;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything the engine needs from Kafka. Connect, hand the parts out, start; until then nobody is assigned anything and
 * nothing is told.
 */
public final class KafkaBackend implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaBackend.class);

    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);
    /** Groups whose names begin so are nobody's once they are unused for so long. */
    private static final String GENERATED = "trigger.auto-";

    private static final Duration UNUSED = Duration.ofDays(1);
    private static final Duration SWEEP_INTERVAL = Duration.ofHours(1);
    /** How many partitions are read at a time for new owners. */
    private static final int REPLAYS = 4;

    /** How often the copies are told how far the topics have got. */
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private static final Duration READERS_KEPT = Duration.ofSeconds(30);

    private final KafkaBackendConfig config;
    private final Alarm.Listener alarms;
    private final ClientSettings settings;
    private final ClientMetrics metrics = new ClientMetrics();
    /** Opened in order, closed in reverse. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private final @Nullable StoreFolder folder;
    private final Cluster cluster;
    private final Topics topics;
    private final FencedLogs logs;
    private final KafkaEventLog events;
    private final SideTopics sideTopics;
    private final Appender appender;
    private final KafkaMessages messages;
    private final KafkaConsumerGroups groups;
    private final KafkaDeadLetters deadLetters;
    private final KafkaTap tap;
    private final HeartbeatLease lease;
    private final CopyPlaces places;
    private final KafkaReplicas replicas;
    private final CopyAges ages;
    private final KafkaTail tail;
    private final KafkaHistory history;
    private final ListenerRelay listener = new ListenerRelay();
    private volatile @Nullable Materialiser materialiser;

    private KafkaBackend(KafkaBackendConfig config, Alarm.Listener alarms) {
        this.config = config;
        this.alarms = alarms;
        this.settings = new ClientSettings(config);
        try {
            this.folder = config.owning() ? opened(StoreFolder.lock(config.folder())) : null;
            this.cluster = opened(Cluster.connect(settings));
            this.topics = new TopicKeeper(cluster, config.topics()).ensure();
            if (folder != null) {
                folder.claim(cluster.id(), topics.ids());
            }
            Duration callTimeout = settings.callTimeout();
            Readers replayers =
                    opened(new Readers(REPLAYS, settings.pieces("replay", "earliest"), callTimeout, metrics));
            this.logs = new FencedLogs(topics, settings, metrics, new Replays(replayers, callTimeout));
            Readers historians = opened(
                    new Readers(KafkaHistory.AT_A_TIME, settings.pieces("history", "none"), callTimeout, metrics));
            this.history = opened(new KafkaHistory(topics, historians, callTimeout));
            this.events = opened(new KafkaEventLog(topics.names(), topics.partitions(Space.STREAM), settings, metrics));
            this.sideTopics = new SideTopics(cluster, config.topics());
            this.appender = opened(new Appender(sideTopics, settings.appender("appender"), metrics));
            this.messages = opened(new KafkaMessages(
                    topics.names(), config.topics().partitionsOfNewTopics(), appender, settings, metrics));
            this.tail = opened(new KafkaTail(topics, settings, metrics, listener, alarms));
            this.deadLetters = opened(new KafkaDeadLetters(topics.names(), settings, metrics));
            this.tap = opened(new KafkaTap(topics.names(), settings, metrics));
            GroupPlaces groupPlaces = new GroupPlaces(cluster.admin(), InstantSource.system());
            this.groups = opened(new KafkaConsumerGroups(groupPlaces, topics.names(), settings, alarms));
            repeat(
                    "millrace-group-sweep",
                    SWEEP_INTERVAL,
                    () -> groupPlaces.sweep(topics.names().of(GENERATED), UNUSED));
            this.lease = new HeartbeatLease(config.store().lease().toNanos(), System::nanoTime);
            this.places = new CopyPlaces(topics.names());
            this.replicas = new KafkaReplicas(this::streams, places);
            Readers lookers = opened(new Readers(1, settings.pieces("replicas", "none"), callTimeout, metrics));
            this.ages = new CopyAges(cluster.admin(), lookers, InstantSource.system());
            watch(List.of(replayers, historians, lookers));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Connects to the cluster, has the topics, and locks the folder of the local copies.
     *
     * @throws RefusedStartException if the cluster does not answer within its call time-out, a topic does not fit, or the
     *     folder is in use or belongs to another cluster
     */
    public static KafkaBackend connect(KafkaBackendConfig config, Alarm.Listener alarms) {
        return new KafkaBackend(config, alarms);
    }

    /** Where changes are written. */
    public PartitionLogs logs() {
        return logs;
    }

    /** Where ephemeral events are sent. */
    public EventLog events() {
        return events;
    }

    /** Consumer groups. */
    public ConsumerGroups groups() {
        return groups;
    }

    /** Where events go that could not be delivered. */
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    /** The ends of any of our topics. */
    public Tap tap() {
        return tap;
    }

    /** The ends of the stream topics. What is asked before {@link #start} is followed from then on. */
    public Tail tail() {
        return tail;
    }

    /** What the stream topics held before. */
    public History history() {
        return history;
    }

    /**
     * Of which stream topics marks speak: eight letters and digits, the same for ever on every node, and others for topics
     * that were deleted and made anew.
     */
    public String epoch() {
        return topics.epoch(cluster.id());
    }

    /** The messages of pub/sub. */
    public MessageLog messages() {
        return messages;
    }

    /**
     * The topics of queues.
     *
     * @param partitions of a queue that is new
     * @param kept how long the messages of one that is new are kept, handled or not
     */
    public QueueLog queues(int partitions, Duration kept) {
        return opened(new KafkaQueueLog(topics.names(), partitions, kept, cluster, appender, settings));
    }

    /** What nodes keep about their subscriptions. */
    public PresenceLog presence() {
        return opened(new KafkaPresenceLog(topics.names(), appender, settings));
    }

    /** The copies on this node, also of what it does not own; none before {@link #start}. */
    public Replicas replicas() {
        return replicas;
    }

    /** What nodes say of themselves. To be called once. */
    public ClusterLog cluster() {
        return opened(new KafkaClusterLog(topics.names(), sideTopics, settings, metrics));
    }

    /** Takes dead nodes out of the groups of the local copies, of triggers and of queues. */
    public Evictions evictions() {
        return new KafkaEvictions(cluster.admin(), topics.names());
    }

    /** Whether what this node owns is its own; not held before {@link #start}, and never by a node that owns nothing. */
    public Lease lease() {
        return lease;
    }

    /**
     * Joins the other nodes: from now on partitions are assigned, and what is followed is told. To be called once.
     *
     * @param assignment called from the threads that apply changes, also while {@link #close} runs; never if this node is
     *     to own nothing
     * @param listener called from the tail's thread
     * @param replaced whether another process is known to have begun under this node's id after this one: then this one gives
     *     its copies up for good, with an alarm
     */
    public void start(Assignment assignment, Tail.Listener listener, BooleanSupplier replaced) {
        if (this.listener.told != null) {
            throw new IllegalStateException("backend: started (expected: connected only)");
        }
        this.listener.told = listener;
        tail.start();
        if (folder == null) {
            return;
        }
        KafkaEvictions evictions = new KafkaEvictions(cluster.admin(), topics.names());
        Namesake namesake = new Namesake(replaced, () -> evictions.evictFromCopies(config.nodeId()));
        Materialiser starting = opened(
                new Materialiser(topics, settings, config.store(), folder, assignment, places, namesake, alarms));
        materialiser = starting;
        watchLease(starting);
        watchCopies();
        starting.start();
    }

    /** The same for a node that nobody replaces. */
    public void start(Assignment assignment, Tail.Listener listener) {
        start(assignment, listener, () -> false);
    }

    /** The local copies' application, for its metrics; there is none before {@link #start}, nor if this node owns nothing. */
    public Optional<KafkaStreams> streams() {
        return Optional.ofNullable(materialiser).map(Materialiser::streams);
    }

    /** The metrics of all other Kafka clients of this node, as they are open now. */
    public Map<MetricName, Metric> clientMetrics() {
        return metrics.all();
    }

    /** The id of the cluster we are connected to. */
    public String clusterId() {
        return cluster.id();
    }

    /** How it goes. Cheap: says what was seen last. */
    public Health health() {
        boolean reachable = cluster.reachable();
        KafkaStreams.State state = streams().map(KafkaStreams::state).orElse(KafkaStreams.State.CREATED);
        boolean copies = folder == null || state == KafkaStreams.State.RUNNING;
        return new Health(
                reachable && copies && tail.isAlive(),
                reachable,
                (reachable ? "broker reachable" : "no broker answers")
                        + (folder == null ? ", owns nothing" : ", local copies " + state)
                        + (tail.isAlive() ? ", tail follows" : ", tail stopped"));
    }

    private void watch(List<Readers> readers) {
        repeat("millrace-kafka-watch", PROBE_INTERVAL, () -> {
            cluster.probe();
            readers.forEach(each -> each.closeIdle(READERS_KEPT));
        });
    }

    private void watchLease(Materialiser starting) {
        // Before anybody has joined: an answer that shows in the next sample is younger than this one.
        lease.sample(Map.of());
        repeat(
                "millrace-lease",
                Duration.ofMillis(Math.clamp(config.store().lease().toMillis() / 60, 20, 500)),
                () -> lease.sample(starting.streams().metrics()));
    }

    private void watchCopies() {
        repeat("millrace-replicas", LOOK_INTERVAL, () -> {
            // A node alone has nobody to stand by for, and nobody asks it.
            if (config.store().standbys() > 0 || replicas.isWanted()) {
                look();
            }
        });
    }

    private void look() {
        try {
            ages.look(places.all());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void repeat(String name, Duration interval, Runnable work) {
        ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
        var _ = opened(watcher::shutdownNow);
        Runnable guarded = () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                // Or it would never be repeated.
                LOG.atWarn().setCause(e).addKeyValue("watcher", name).log("watching failed");
            }
        };
        var _ = watcher.scheduleWithFixedDelay(
                guarded, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
    }

    /** Gives the partitions up and disconnects. What is being written must have been stopped before. */
    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable part = opened.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.atWarn()
                        .setCause(e)
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .log("closing failed");
            }
        }
    }

    /** The listener is known only after the tail has been handed out. */
    private static final class ListenerRelay implements Tail.Listener {
        private volatile Tail.@Nullable Listener told;

        @Override
        public void began(int partition, Mark start) {
            known().began(partition, start);
        }

        @Override
        public void told(int partition, Tail.Batch batch) {
            known().told(partition, batch);
        }

        private Tail.Listener known() {
            Tail.Listener listener = told;
            if (listener == null) {
                throw new IllegalStateException("tail: not started (expected: a listener)");
            }
            return listener;
        }
    }
}
