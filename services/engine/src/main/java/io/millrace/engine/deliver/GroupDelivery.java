package io.millrace.engine.deliver;

import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.ConsumerGroups.Membership;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All partitions of one group that this node is assigned. */
final class GroupDelivery implements Delivery, ConsumerGroups.Listener {
    private final Plan plan;
    private final Handler handler;
    private final Deliveries.Means means;
    private final Map<TopicPartition, PartitionDelivery> partitions = new ConcurrentHashMap<>();
    private volatile @Nullable Membership membership;

    GroupDelivery(Plan plan, Handler handler, Deliveries.Means means) {
        this.plan = plan;
        this.handler = handler;
        this.means = means;
    }

    void begin() {
        means.events().began(plan.subject(), this);
        membership = means.groups().join(plan.group(), plan.topics(), this);
    }

    @Override
    public void assigned(Membership by, TopicPartition at) {
        PartitionDelivery before = partitions.put(at, new PartitionDelivery(at, plan, handler, means, by));
        if (before != null) {
            before.end();
        }
    }

    @Override
    public void received(TopicPartition at, List<Received> records) {
        PartitionDelivery partition = partitions.get(at);
        if (partition != null) {
            partition.received(records);
        }
    }

    @Override
    public void revoked(TopicPartition at, boolean lost) {
        PartitionDelivery partition = partitions.remove(at);
        if (partition != null) {
            partition.end();
        }
    }

    @Override
    public long lag() {
        Membership joined = membership;
        long unread = joined == null ? 0 : joined.lag();
        return unread
                + partitions.values().stream()
                        .mapToLong(PartitionDelivery::unfinished)
                        .sum();
    }

    @Override
    public int calls() {
        return partitions.values().stream().mapToInt(PartitionDelivery::calls).sum();
    }

    @Override
    public int retries() {
        return partitions.values().stream().mapToInt(PartitionDelivery::retries).sum();
    }

    @Override
    public CompletionStage<Void> end() {
        partitions.values().forEach(PartitionDelivery::end);
        Membership joined = membership;
        CompletionStage<Void> left = joined == null ? CompletableFuture.completedStage(null) : joined.leave();
        return left.whenComplete((done, failure) -> means.events().ended(plan.subject(), this));
    }

    @Override
    public void close() {
        var _ = end();
        Membership joined = membership;
        if (joined != null) {
            joined.close();
        }
    }
}
