package io.millrace.engine.feed;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The subscriptions of one lane to one group and to its items. */
final class LaneGroup {
    private final Audience everything = new Audience();
    private final Map<String, Audience> items = new HashMap<>(2);

    void add(Subscription subscription) {
        String itemId = subscription.itemId();
        Audience audience = itemId == null ? everything : items.computeIfAbsent(itemId, id -> new Audience());
        audience.add(subscription);
    }

    void remove(Subscription subscription) {
        String itemId = subscription.itemId();
        Audience audience = itemId == null ? everything : items.get(itemId);
        if (audience == null) {
            throw new IllegalStateException("subscription without an audience: " + subscription.target());
        }
        audience.remove(subscription);
        if (itemId != null && audience.isEmpty()) {
            items.remove(itemId);
        }
    }

    void deliver(Delivery delivery, long sequence, int heldBytes) {
        @Nullable Audience item = delivery.itemId() == null ? null : items.get(delivery.itemId());
        everything.tell(delivery, sequence);
        if (item != null) {
            item.tell(delivery, sequence);
            item.hold(delivery, sequence, heldBytes);
        }
        everything.hold(delivery, sequence, heldBytes);
    }

    boolean isEmpty() {
        return everything.isEmpty() && items.isEmpty();
    }
}
