package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The subscribers of one executor, for instance of one I/O thread: nobody else touches them. What is told comes in
 * batches, one task at a time; a task delivers all that is there and then flushes each subscriber once.
 */
public final class Lane {
    /** After so many bytes the subscribers are flushed, however much more there is, lest they seem slow. */
    private static final int SLICE_BYTES = 64 << 10;

    private final Feeds feeds;
    private final Executor executor;
    private final FeedsConfig config;
    private final Map<Group, LaneGroup> groups = new HashMap<>();
    private List<Subscriber> touched = new ArrayList<>();
    private long sequence;

    private final Object lock = new Object();
    private List<Delivery> inbox = new ArrayList<>();
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

    /** Leaves a batch to be delivered. Waits while the lane is too far behind. */
    void post(List<Delivery> batch) {
        synchronized (lock) {
            boolean interrupted = false;
            while (behindBytes > config.laneBytes() && !closed && !interrupted) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            for (Delivery delivery : batch) {
                inbox.add(delivery);
                behindBytes += delivery.wire().length;
            }
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        executor.execute(this::drain);
    }

    private void drain() {
        List<Delivery> batch;
        synchronized (lock) {
            batch = inbox;
            inbox = new ArrayList<>();
        }
        try {
            deliver(batch);
        } finally {
            drained(batch);
        }
    }

    private void deliver(List<Delivery> batch) {
        int slice = 0;
        for (Delivery delivery : batch) {
            LaneGroup group = groups.get(delivery.group());
            if (group != null) {
                sequence++;
                group.deliver(delivery, sequence, config.windowBytes());
                slice += delivery.wire().length;
            }
            if (slice >= SLICE_BYTES) {
                slice = 0;
                flush();
            }
        }
        flush();
    }

    private void drained(List<Delivery> batch) {
        long bytes = 0;
        for (Delivery delivery : batch) {
            bytes += delivery.wire().length;
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

    void touched(Subscriber subscriber) {
        touched.add(subscriber);
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

    /** Nobody waits for this lane any more. */
    void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }
}
