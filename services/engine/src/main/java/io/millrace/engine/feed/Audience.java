package io.millrace.engine.feed;

import java.util.ArrayList;
import java.util.List;

/** The subscriptions of one lane to one group or item that take part in what is told, in no particular order. */
final class Audience {
    private final List<Subscription> live = new ArrayList<>(1);
    private final List<Subscription> waiting = new ArrayList<>(0);

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

    /** From the end, since one that cannot keep up leaves its seat to the last. */
    void tell(Delivery delivery, long sequence) {
        for (int i = live.size() - 1; i >= 0; i--) {
            live.get(i).tell(delivery, sequence);
        }
    }

    /** To be called after every live one has been told. */
    void note(Delivery event, long sequence) {
        for (int i = 0; i < waiting.size(); i++) {
            waiting.get(i).note(event, sequence);
        }
    }

    /** All of them. */
    List<Subscription> everybody() {
        List<Subscription> all = new ArrayList<>(live);
        all.addAll(waiting);
        return all;
    }

    boolean isEmpty() {
        return live.isEmpty() && waiting.isEmpty();
    }

    private List<Subscription> seats(Subscription subscription) {
        return subscription.isLive() ? live : waiting;
    }
}
