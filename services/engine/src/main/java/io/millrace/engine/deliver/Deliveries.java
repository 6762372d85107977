package io.millrace.engine.deliver;

import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.DeadLetters;
import io.millrace.engine.port.Scheduler;
import java.time.InstantSource;
import java.util.function.DoubleSupplier;

/**
 * Delivers what consumer groups read: every record at least once or to the dead letters, those of one order key one after
 * another, all others side by side. A record that fails holds up only its own key.
 */
public final class Deliveries {
    private final Means means;

    /**
     * What deliveries live on.
     *
     * @param chance numbers from 0 to 1, for any thread
     */
    public record Means(
            ConsumerGroups groups,
            DeadLetters deadLetters,
            Scheduler scheduler,
            InstantSource clock,
            DoubleSupplier chance,
            DeliveryEvents events) {}

    /** Nothing is delivered yet. */
    public Deliveries(Means means) {
        this.means = means;
    }

    /** Joins the plan's group and delivers what it is assigned, until it is ended. Returns at once. */
    public Delivery open(Plan plan, Handler handler) {
        GroupDelivery delivery = new GroupDelivery(plan, handler, means);
        delivery.begin();
        return delivery;
    }
}
