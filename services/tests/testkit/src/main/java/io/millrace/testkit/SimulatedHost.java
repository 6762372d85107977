package io.millrace.testkit;

import io.millrace.engine.deliver.Deliveries;
import io.millrace.engine.deliver.Delivery;
import io.millrace.engine.deliver.DeliveryEvents;
import io.millrace.engine.deliver.Plan;
import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.Scheduler;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A process that delivers: it crashes and comes back, or leaves in good order. */
final class SimulatedHost {
    private final Simulation simulation;
    private final SimulatedGroup group;
    private final Delivery delivery;
    private SimulatedGroup.@Nullable Member member;
    private boolean up = true;

    SimulatedHost(Simulation simulation, SimulatedGroup group, SimulatedFunction function, Plan plan) {
        this.simulation = simulation;
        this.group = group;
        Deliveries deliveries = new Deliveries(new Deliveries.Means(
                new OwnGroups(),
                function.deadLetters(this),
                scheduler(),
                () -> Instant.EPOCH.plusNanos(simulation.nowMicros() * 1_000),
                () -> simulation.random().nextDouble(),
                new DeliveryEvents() {}));
        this.delivery = deliveries.open(plan, function.handler(this));
    }

    boolean isUp() {
        return up;
    }

    Delivery delivery() {
        return delivery;
    }

    void crash() {
        up = false;
        if (member != null) {
            member.vanish();
        }
    }

    void leave() {
        delivery.close();
        up = false;
    }

    private Scheduler scheduler() {
        return (delay, task) -> simulation.scheduler().after(delay, () -> {
            if (up) {
                task.run();
            }
        });
    }

    /** Remembers who it is in the group. */
    private final class OwnGroups implements ConsumerGroups {
        @Override
        public CompletionStage<Void> prepare(String name, Set<String> topics) {
            return group.prepare(name, topics);
        }

        @Override
        public Membership join(String name, Set<String> topics, Listener listener) {
            SimulatedGroup.Member joined = group.join(name, topics, listener);
            member = joined;
            return joined;
        }

        @Override
        public CompletionStage<Void> delete(String name) {
            return group.delete(name);
        }
    }
}
