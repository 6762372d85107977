package io.millrace.engine.feed;

import java.util.ArrayList;
import java.util.List;

/** The subscriptions of one lane to one group or item, in no particular order. */
final class Audience {
    private final List<Subscription> live = new ArrayList<>(1);
    private final List<Subscription> loading = new ArrayList<>(1);

    void add(Subscription subscription) {
        List<Subscription> seats = seats(subscription);
        subscription.seat(seats.size());
        seats.add(subscription);
    }

    /** Takes one out; the last one gets its seat. */
    void remove(Subscription subscription) {
        List<Subscription> seats = seats(subscription);
        Subscription last = seats.removeLast();
        if (last != subscription) {
            seats.set(subscription.seat(), last);
            last.seat(subscription.seat());
        }
    }

    void tell(Delivery delivery, long sequence) {
        for (int i = 0; i < live.size(); i++) {
            live.get(i).tell(delivery, sequence);
        }
    }

    void hold(Delivery delivery, long sequence, int heldBytes) {
        for (int i = 0; i < loading.size(); i++) {
            loading.get(i).hold(delivery, sequence, heldBytes);
        }
    }

    boolean isEmpty() {
        return live.isEmpty() && loading.isEmpty();
    }

    private List<Subscription> seats(Subscription subscription) {
        return subscription.isLoading() ? loading : live;
    }
}
