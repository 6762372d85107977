package io.millrace.engine.queue;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Scheduler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All queues that this node works off: those it has been asked to put something into, and those whose topics it finds,
 * which is how it learns of the queues of other nodes. Calls may come from any thread.
 */
public final class Queues implements AutoCloseable {
    private final QueuesConfig config;
    private final QueueMeans means;
    private final WaitingRoom waiting;
    private final Map<String, NamedQueue> queues = new ConcurrentHashMap<>();
    private Scheduler.@Nullable Scheduled looking;
    private volatile boolean closed;

    /** Nothing is worked off before {@link #start}. */
    public Queues(QueuesConfig config, QueueMeans means) {
        this.config = config;
        this.means = means;
        this.waiting = new WaitingRoom(config, means, this::putBack);
    }

    /** Begins to work off what is there and what comes. */
    public void start() {
        look();
    }

    private void look() {
        if (closed) {
            return;
        }
        // Each time: what another node has put aside is to be looked after when that node is gone, too.
        var _ = waiting.begin()
                .thenCompose(done -> means.log().topics(NamedQueue.PREFIX))
                .whenComplete((topics, failure) -> {
                    if (failure != null) {
                        means.events().postponed("look for queues", failure);
                    } else {
                        topics.forEach(topic -> {
                            String name = SafeName.nameOf(topic.substring(NamedQueue.PREFIX.length()));
                            if (name != null) {
                                var _ = queue(name);
                            }
                        });
                    }
                    synchronized (this) {
                        looking = means.scheduler().after(config.discovery(), this::look);
                    }
                });
    }

    /** The queue of that name, worked off from now on; null if no queue can be called so. */
    @Nullable
    NamedQueue queue(String name) {
        NamedQueue known = queues.get(name);
        if (known != null) {
            return known;
        }
        String safeName = SafeName.of(name);
        if (safeName == null) {
            return null;
        }
        NamedQueue queue = new NamedQueue(name, safeName, config, means, waiting);
        NamedQueue earlier = queues.putIfAbsent(name, queue);
        if (earlier != null) {
            return earlier;
        }
        begin(queue);
        return queue;
    }

    private void begin(NamedQueue queue) {
        if (closed) {
            return;
        }
        var _ = queue.begin().whenComplete((begun, failure) -> {
            if (failure != null) {
                means.events().postponed("work off queue " + queue.name(), failure);
                var _ = means.scheduler().after(config.discovery(), () -> begin(queue));
            }
        });
    }

    /** The queues that are known now, by name. */
    Collection<NamedQueue> all() {
        SortedMap<String, NamedQueue> sorted = new TreeMap<>(queues);
        return sorted.values();
    }

    /** Whether there is such a queue, as far as this node knows; a queue called {@code default} always is. */
    boolean isKnown(String name) {
        return queues.containsKey(name) || config.named().containsKey(name) || name.equals("default");
    }

    /**
     * Puts a message in.
     *
     * @return completes with null when it is safe there, or with why the queue does not take it; fails if the log does
     */
    CompletionStage<Outcome.@Nullable Failure> put(String name, Task task) {
        NamedQueue queue = queue(name);
        if (queue == null) {
            return CompletableFuture.completedStage(new Outcome.Failure(
                    "invalid_queue", "queue: \"" + name + "\" (expected: a name of 1 to about 120 characters)"));
        }
        Json data = task.data();
        if (data.sizeBytes() > config.maxDataBytes()) {
            return CompletableFuture.completedStage(new Outcome.Failure(
                    "VALUE_TOO_LARGE",
                    "data of " + data.sizeBytes() + " bytes exceeds the configured max_value_bytes limit of "
                            + config.maxDataBytes()));
        }
        Outcome.Failure refusal = queue.refusal(data);
        if (refusal != null) {
            return CompletableFuture.completedStage(refusal);
        }
        return queue.put(task).thenApply(safe -> {
            means.events().enqueued(queue.subject());
            return null;
        });
    }

    /** What has been in a queue before goes in again, whatever may be configured meanwhile. */
    CompletionStage<Void> putBack(String name, Task task) {
        NamedQueue queue = queue(name);
        return queue == null
                ? CompletableFuture.failedStage(new IllegalArgumentException("queue: \"" + name + "\""))
                : queue.put(task);
    }

    /** Works nothing off any longer. Returns when every group has been left, or after a while. */
    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            if (looking != null) {
                looking.cancel();
            }
        }
        List<CompletableFuture<?>> ending = new ArrayList<>();
        queues.values().forEach(queue -> ending.add(queue.end().toCompletableFuture()));
        ending.add(waiting.end().toCompletableFuture());
        Ends.await(ending);
    }
}
