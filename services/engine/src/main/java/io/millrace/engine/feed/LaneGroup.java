package io.millrace.engine.feed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The subscriptions of one lane to one group and to its items that take part in what is told. */
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

    void deliver(Delivery delivery, long sequence) {
        String itemId = items.isEmpty() ? null : delivery.itemId();
        Audience item = itemId == null ? null : items.get(itemId);
        everything.tell(delivery, sequence);
        if (item != null) {
            item.tell(delivery, sequence);
        }
        if (delivery.isEvent()) {
            everything.note(delivery, sequence);
            if (item != null) {
                item.note(delivery, sequence);
            }
        }
    }

    List<Subscription> everybody() {
        List<Subscription> all = new ArrayList<>(everything.everybody());
        items.values().forEach(audience -> all.addAll(audience.everybody()));
        return all;
    }

    boolean isEmpty() {
        return everything.isEmpty() && items.isEmpty();
    }
}
