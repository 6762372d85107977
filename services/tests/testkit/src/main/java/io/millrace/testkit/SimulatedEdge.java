package io.millrace.testkit;

import io.millrace.core.address.Space;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.read.OwnerReads;
import io.millrace.engine.read.Reads;
import io.millrace.engine.read.RemoteReads;
import io.millrace.engine.route.Means;
import io.millrace.engine.route.RouteEvents;
import io.millrace.engine.route.Routing;
import io.millrace.engine.route.RoutingConfig;
import io.millrace.engine.write.Caller;
import io.millrace.engine.write.Deadlines;
import io.millrace.engine.write.RemoteOwners;
import io.millrace.engine.write.Retries;
import io.millrace.engine.write.UnavailableException;
import io.millrace.engine.write.WritePath;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** What clients of a node are served by: its own partitions and, over the net, those of the others. */
final class SimulatedEdge {
    private static final long THREAD_MICROS = 1_000;

    private final Simulation simulation;
    private final SimulatedNode node;
    private final WritePath writes;
    private final OwnerReads reads;
    private final Routing routing;
    private final Map<Long, CompletableFuture<?>> calls = new LinkedHashMap<>();
    private long called;

    SimulatedEdge(Simulation simulation, Faults faults, SimulatedNode node, Peers peers, RouteEvents events) {
        this.simulation = simulation;
        this.node = node;
        Scheduler scheduler = (delay, task) -> simulation.scheduler().after(delay, () -> node.run(task));
        this.routing = new Routing(new Means(
                peers,
                node,
                node,
                this::elsewhere,
                scheduler,
                simulation.clock(),
                answer -> simulation.await(call(() -> answer)),
                new RoutingConfig(
                        40,
                        Duration.ofMillis(300),
                        Duration.ofMillis(60),
                        Duration.ofMillis(60),
                        Duration.ofMillis(20)),
                events));
        node.watch(routing);
        Retries retries = new Retries(new Deadlines(simulation.clock(), scheduler), scheduler);
        RemoteReads remote = routing.remote();
        this.writes =
                new WritePath(node, faults.has(Faults.Planted.FRESH_IDS) ? new Forgetful(remote) : remote, retries);
        this.reads = new OwnerReads(node, remote, routing.copies(), retries, this::elsewhere);
    }

    private void elsewhere(Runnable task) {
        simulation.soon(THREAD_MICROS, () -> node.run(task));
    }

    CompletionStage<Reply> submit(Mutation mutation, Instant deadline) {
        return call(() -> writes.submit(mutation, deadline));
    }

    Routing routing() {
        return routing;
    }

    /** A read by a client. */
    <T> CompletionStage<T> read(Function<Reads, CompletionStage<T>> read) {
        return call(() -> read.apply(reads));
    }

    /** A call by a client, whose connection ends with the node. */
    private <T> CompletionStage<T> call(Supplier<CompletionStage<T>> call) {
        if (!node.isAlive()) {
            return CompletableFuture.failedStage(gone());
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        long number = called++;
        calls.put(number, result);
        node.run(() -> call.get().whenComplete((value, failure) -> {
            calls.remove(number);
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        }));
        return result;
    }

    void die() {
        List<CompletableFuture<?>> all = List.copyOf(calls.values());
        calls.clear();
        all.forEach(call -> call.completeExceptionally(gone()));
    }

    private static UnavailableException gone() {
        return new UnavailableException("the node is gone");
    }

    /** Does not know what it has asked before. */
    private static final class Forgetful implements RemoteOwners {
        private final RemoteReads remote;
        private final Set<MutationId> asked = new HashSet<>();
        private int again;

        Forgetful(RemoteReads remote) {
            this.remote = remote;
        }

        @Override
        public void submit(int partition, Mutation mutation, long deadlineMicros, Caller caller) {
            MutationId id = asked.add(mutation.id()) ? mutation.id() : new MutationId(mutation.id() + "~" + again++);
            Mutation other =
                    new Mutation(mutation.address(), mutation.ask(), id, mutation.ifVersion(), mutation.traceParent());
            remote.submit(partition, other, deadlineMicros, caller);
        }

        @Override
        public long servesSince(Space space, int partition) {
            return remote.servesSince(space, partition);
        }

        @Override
        public long committedOffset(Space space, int partition) {
            return remote.committedOffset(space, partition);
        }
    }
}
