package io.millrace.testkit;

import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One consumer group on one topic: partitions move, members vanish, commits get lost, and who has lost a partition may
 * learn of it late.
 */
final class SimulatedGroup implements ConsumerGroups {
    private static final String TOPIC = "events";
    private static final long POLL_MICROS = 3_000;
    private static final long COMMIT_MICROS = 20_000;
    private static final long LATE_MICROS = 100_000;

    private final Simulation simulation;
    private final DeliveryFault fault;
    private final List<Partition> partitions = new ArrayList<>();
    private final Set<Member> members = new HashSet<>();
    private final List<Member> inOrder = new ArrayList<>();
    private boolean healed;

    private static final class Partition {
        private final TopicPartition at;
        private final List<Received> log = new ArrayList<>();
        private int committed;
        private @Nullable Member owner;

        private Partition(TopicPartition at) {
            this.at = at;
        }
    }

    SimulatedGroup(Simulation simulation, DeliveryFault fault, int partitions) {
        this.simulation = simulation;
        this.fault = fault;
        for (int i = 0; i < partitions; i++) {
            this.partitions.add(new Partition(new TopicPartition(TOPIC, i)));
        }
    }

    TopicPartition at(int partition) {
        return partitions.get(partition).at;
    }

    void append(Received record) {
        partitions.get(record.at().partition()).log.add(record);
    }

    int size(int partition) {
        return partitions.get(partition).log.size();
    }

    /** Whether the group is known to be done with everything. */
    boolean isThrough() {
        return partitions.stream().allMatch(partition -> partition.committed == partition.log.size());
    }

    void heal() {
        healed = true;
    }

    @Override
    public CompletionStage<Void> prepare(String group, Set<String> topics) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> delete(String group) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public Member join(String group, Set<String> topics, Listener listener) {
        Member member = new Member(listener);
        members.add(member);
        inOrder.add(member);
        simulation.soon(10_000, this::rebalance);
        simulation.soon(COMMIT_MICROS, member::commit);
        return member;
    }

    /** Gives each partition to somebody. */
    void rebalance() {
        for (Partition partition : partitions) {
            Member before = partition.owner;
            Member next =
                    inOrder.isEmpty() ? null : inOrder.get(simulation.random().nextInt(inOrder.size()));
            if (before == next) {
                continue;
            }
            if (before != null && members.contains(before)) {
                before.take(partition, !healed && simulation.oneIn(4));
            }
            partition.owner = next;
            if (next != null) {
                next.give(partition);
            }
        }
    }

    /** A member of the group. */
    final class Member implements Membership {
        private final Listener listener;
        private final Map<TopicPartition, Integer> positions = new HashMap<>();
        private final Map<TopicPartition, Integer> done = new HashMap<>();
        private final Set<TopicPartition> paused = new HashSet<>();

        private Member(Listener listener) {
            this.listener = listener;
        }

        private boolean owns(Partition partition) {
            return members.contains(this) && partition.owner == this;
        }

        private void give(Partition partition) {
            positions.put(partition.at, partition.committed);
            done.remove(partition.at);
            paused.remove(partition.at);
            listener.assigned(this, partition.at);
            simulation.soon(POLL_MICROS, () -> poll(partition, simulation.nowMicros()));
        }

        private void take(Partition partition, boolean lost) {
            if (lost) {
                // It does not know yet, and goes on with what it has.
                simulation.soon(LATE_MICROS, () -> {
                    if (members.contains(this) && partition.owner != this) {
                        listener.revoked(partition.at, true);
                    }
                });
                return;
            }
            listener.revoked(partition.at, false);
            write(partition);
        }

        private void poll(Partition partition, long since) {
            if (!owns(partition)) {
                return;
            }
            int from = positions.getOrDefault(partition.at, 0);
            int to = Math.min(
                    partition.log.size(), from + 1 + simulation.random().nextInt(8));
            if (from < to && !paused.contains(partition.at)) {
                positions.put(partition.at, to);
                if (fault == DeliveryFault.COMMITTED_BEFORE_HANDLED) {
                    partition.committed = to;
                }
                listener.received(partition.at, List.copyOf(partition.log.subList(from, to)));
            }
            simulation.soon(POLL_MICROS, () -> poll(partition, since));
        }

        private void commit() {
            if (members.contains(this)) {
                partitions.stream().filter(this::owns).forEach(this::write);
                simulation.soon(COMMIT_MICROS, this::commit);
            }
        }

        private void write(Partition partition) {
            Integer next = done.get(partition.at);
            boolean lost = !healed && simulation.oneIn(3);
            if (next != null && !lost && fault != DeliveryFault.COMMITTED_BEFORE_HANDLED) {
                partition.committed = next;
            }
        }

        /** Its process is gone. */
        void vanish() {
            members.remove(this);
            inOrder.remove(this);
            for (Partition partition : partitions) {
                if (partition.owner == this) {
                    partition.owner = null;
                }
            }
            simulation.soon(200_000, SimulatedGroup.this::rebalance);
        }

        @Override
        public void done(TopicPartition at, long nextOffset) {
            done.put(at, (int) nextOffset);
        }

        @Override
        public void pause(TopicPartition at) {
            paused.add(at);
        }

        @Override
        public void resume(TopicPartition at) {
            paused.remove(at);
        }

        @Override
        public long lag() {
            return 0;
        }

        @Override
        public CompletionStage<Void> leave() {
            partitions.stream().filter(this::owns).forEach(partition -> {
                take(partition, false);
                partition.owner = null;
            });
            vanish();
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void close() {
            var _ = leave();
        }
    }
}
