package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * The subscribers of one executor, for instance of one I/O thread: nobody else touches them. What is told comes in
 * batches, one task at a time; a task delivers all that is there and then flushes each subscriber once.
 */
public final class Lane {
    /** After so many bytes the subscribers are flushed, however much more there is, lest they seem slow. */
    private static final int SLICE_BYTES = 64 << 10;

    private static final List<Parcel> NOTHING = List.of();

    private final Feeds feeds;
    private final Executor executor;
    private final FeedsConfig config;
    private final Map<Group, LaneGroup> groups = new HashMap<>();
    private List<Subscriber> touched = new ArrayList<>();
    private long sequence;
    private boolean delivering;

    private final Object lock = new Object();
    private List<Parcel> inbox = new ArrayList<>();
    private long behindBytes;
    private boolean scheduled;
    private boolean closed;

    Lane(Feeds feeds, Executor executor, FeedsConfig config) {
        this.feeds = feeds;
        this.executor = executor;
        this.config = config;
    }

    /** A subscriber on this lane that gets its frames in a form, without subscriptions yet. */
    public Subscriber subscriber(Outbox outbox, Form form) {
        return new Subscriber(feeds, this, outbox, form);
    }

    void execute(Runnable task) {
        executor.execute(task);
    }

    /** Leaves something to be dealt with after all that was left before. Never waits. */
    void post(List<? extends Parcel> parcels) {
        synchronized (lock) {
            for (Parcel parcel : parcels) {
                inbox.add(parcel);
                behindBytes += parcel.bytes();
            }
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        executor.execute(this::drain);
    }

    /** Waits while the lane is too far behind. */
    void awaitRoom() {
        synchronized (lock) {
            while (behindBytes > config.laneBytes() && !closed) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private void drain() {
        List<Parcel> batch;
        synchronized (lock) {
            batch = inbox;
            inbox = new ArrayList<>();
        }
        delivering = true;
        try {
            deliver(batch);
        } finally {
            delivering = false;
            drained(batch);
        }
    }

    private void deliver(List<Parcel> batch) {
        int slice = 0;
        for (Parcel parcel : batch) {
            switch (parcel) {
                case Delivery delivery -> {
                    LaneGroup group = groups.get(delivery.group());
                    if (group != null) {
                        sequence++;
                        group.deliver(delivery, sequence);
                        slice += delivery.bytes();
                    }
                }
                case Parcel.Task(Runnable work) -> work.run();
            }
            if (slice >= SLICE_BYTES) {
                slice = 0;
                flush();
            }
        }
        flush();
    }

    private void drained(List<Parcel> batch) {
        long bytes = 0;
        for (Parcel parcel : batch) {
            bytes += parcel.bytes();
        }
        synchronized (lock) {
            behindBytes -= bytes;
            lock.notifyAll();
            if (inbox.isEmpty()) {
                scheduled = false;
                return;
            }
        }
        // Through the executor, so that whatever else waits for it has its turn.
        executor.execute(this::drain);
    }

    private void flush() {
        List<Subscriber> flushing = touched;
        touched = new ArrayList<>();
        for (Subscriber subscriber : flushing) {
            subscriber.flush();
        }
    }

    /** To be flushed soon. */
    void touched(Subscriber subscriber) {
        touched.add(subscriber);
        if (!delivering) {
            post(NOTHING);
        }
    }

    void add(Subscription subscription) {
        groups.computeIfAbsent(subscription.target().group(), group -> new LaneGroup())
                .add(subscription);
    }

    void remove(Subscription subscription) {
        LaneGroup group = groups.get(subscription.target().group());
        if (group == null) {
            throw new IllegalStateException("subscription of another lane: " + subscription.target());
        }
        group.remove(subscription);
        if (group.isEmpty()) {
            groups.remove(subscription.target().group());
        }
    }

    /** All subscriptions to such groups begin again. */
    void startOver(Predicate<Group> concerned, Reset reason) {
        List<Subscription> starting = new ArrayList<>();
        groups.forEach((group, subscriptions) -> {
            if (concerned.test(group)) {
                starting.addAll(subscriptions.everybody());
            }
        });
        starting.forEach(subscription -> subscription.startOver(reason));
    }

    /** Nobody waits for this lane any more. */
    void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }
}
