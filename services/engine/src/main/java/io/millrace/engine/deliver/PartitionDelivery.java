package io.millrace.engine.deliver;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.ConsumerGroups.Membership;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.port.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One partition while it is ours.
 *
 * <pre>
 * received → waiting for its key → ready → called → done
 *                                    ↑        │
 *                                    └ backing off → (attempts used up) → being kept as a dead letter → done
 * </pre>
 *
 * Done up to the first record that is not is what the group is told. Everything happens in turns.
 */
final class PartitionDelivery {
    /** Between tries to keep a dead letter. */
    private static final RetryPolicy KEEPING =
            new RetryPolicy(Integer.MAX_VALUE, Duration.ofMillis(200), Duration.ofSeconds(10));

    private final TopicPartition at;
    private final Plan plan;
    private final Handler handler;
    private final Deliveries.Means means;
    private final Membership membership;
    private final Turns turns = new Turns();

    /** What is not done with, by offset. */
    private final TreeMap<Long, Entry> unfinished = new TreeMap<>();
    /** By order key, in order: the first is on its way, the others wait for it. */
    private final Map<Object, Deque<Entry>> lanes = new HashMap<>();

    private final Deque<Entry> ready = new ArrayDeque<>();
    private long nextOffset = -1;
    private long told = -1;
    private long heldBytes;
    private boolean paused;
    private boolean ended;
    private volatile int held;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();

    /** One record that is not done with. */
    private static final class Entry {
        private final Received record;
        private final @Nullable Object key;
        /** That count, and that do not. */
        private int failures;

        private int unheard;
        /** Changes with every step: answers and timers of an earlier one are too late. */
        private int step;

        private Scheduler.@Nullable Scheduled timer;
        private Instant since = Instant.MIN;

        Entry(Received record, @Nullable Object key) {
            this.record = record;
            this.key = key;
        }

        void stopTimer() {
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
        }
    }

    PartitionDelivery(TopicPartition at, Plan plan, Handler handler, Deliveries.Means means, Membership membership) {
        this.at = at;
        this.plan = plan;
        this.handler = handler;
        this.means = means;
        this.membership = membership;
    }

    int unfinished() {
        return held;
    }

    int calls() {
        return calls.get();
    }

    int retries() {
        return retries.get();
    }

    void received(List<Received> records) {
        turns.execute(() -> {
            if (!ended) {
                records.forEach(this::take);
                proceed();
            }
        });
    }

    /** Calls no more, and takes no answer in: somebody else will do what is not done. */
    void end() {
        turns.execute(() -> {
            ended = true;
            unfinished.values().forEach(Entry::stopTimer);
            unfinished.clear();
            lanes.clear();
            ready.clear();
            held = 0;
            calls.set(0);
            retries.set(0);
        });
    }

    private void take(Received record) {
        nextOffset = record.offset() + 1;
        if (!handler.wants(record) || unfinished.containsKey(record.offset())) {
            return;
        }
        Object key = handler.orderKey(record);
        Entry entry = new Entry(record, key);
        unfinished.put(record.offset(), entry);
        heldBytes += record.sizeBytes();
        if (key == null) {
            ready.add(entry);
            return;
        }
        Deque<Entry> lane = lanes.computeIfAbsent(key, ignored -> new ArrayDeque<>(2));
        lane.add(entry);
        if (lane.size() == 1) {
            ready.add(entry);
        }
    }

    /** Calls as many as may be under way, says what is done, and has more brought or less. */
    private void proceed() {
        while (calls.get() < plan.bounds().calls() && !ready.isEmpty()) {
            call(ready.remove());
        }
        held = unfinished.size();
        long done = unfinished.isEmpty() ? nextOffset : unfinished.firstKey();
        if (done > told) {
            told = done;
            membership.done(at, done);
        }
        boolean full =
                held >= plan.bounds().held() || heldBytes >= plan.bounds().heldBytes();
        boolean roomy =
                held <= plan.bounds().held() / 2 && heldBytes <= plan.bounds().heldBytes() / 2;
        if (full && !paused) {
            paused = true;
            membership.pause(at);
        } else if (roomy && paused) {
            paused = false;
            membership.resume(at);
        }
    }

    private void call(Entry entry) {
        calls.incrementAndGet();
        int step = ++entry.step;
        entry.since = means.clock().instant();
        Outcome.Failure late = new Outcome.Failure(
                "timeout", "no answer within " + plan.timeout().toMillis() + " ms");
        entry.timer = means.scheduler().after(plan.timeout(), () -> answered(entry, step, late));
        CompletionStage<Outcome> outcome;
        try {
            outcome = handler.handle(entry.record, entry.failures + 1);
        } catch (RuntimeException e) {
            answered(entry, step, bug(e));
            return;
        }
        var _ = outcome.whenComplete((known, failure) -> answered(entry, step, failure == null ? known : bug(failure)));
    }

    private static Outcome.Failure bug(Throwable failure) {
        return new Outcome.Failure("delivery_failed", String.valueOf(failure));
    }

    private void answered(Entry entry, int step, Outcome outcome) {
        turns.execute(() -> {
            if (ended || entry.step != step) {
                return;
            }
            entry.step++;
            entry.stopTimer();
            calls.decrementAndGet();
            if (outcome instanceof Outcome.Failure failure) {
                failed(entry, failure);
            } else {
                means.events()
                        .delivered(
                                plan.subject(),
                                Duration.between(entry.since, means.clock().instant()));
                done(entry);
            }
            proceed();
        });
    }

    private void failed(Entry entry, Outcome.Failure failure) {
        boolean counts = handler.counts(entry.record, failure);
        if (counts) {
            entry.failures++;
        } else {
            entry.unheard++;
        }
        if (entry.failures >= plan.retries().attempts()) {
            keep(entry, letter(entry, failure), 1);
            return;
        }
        Duration wait = plan.retries()
                .after(counts ? entry.failures : entry.unheard, means.chance().getAsDouble());
        means.events().failed(plan.subject(), at, entry.record.offset(), entry.failures, failure, wait);
        retries.incrementAndGet();
        later(entry, wait, () -> {
            retries.decrementAndGet();
            ready.add(entry);
        });
    }

    private DeadLetter letter(Entry entry, Outcome.Failure failure) {
        Json payload = entry.record.value();
        return new DeadLetter(
                plan.subject(),
                handler.functionId(entry.record),
                at,
                entry.record.offset(),
                entry.failures,
                failure.code(),
                failure.message(),
                means.clock().instant(),
                payload == null ? Json.NULL : payload);
    }

    /** Only when the letter is safe is the record done with. */
    private void keep(Entry entry, DeadLetter letter, int attempt) {
        int step = ++entry.step;
        var _ = means.deadLetters()
                .keep(letter)
                .whenComplete((kept, failure) -> turns.execute(() -> {
                    if (ended || entry.step != step) {
                        return;
                    }
                    if (failure == null) {
                        means.events().deadLettered(letter);
                        done(entry);
                    } else {
                        means.events().notKept(letter, failure);
                        Duration wait = KEEPING.after(attempt, means.chance().getAsDouble());
                        later(entry, wait, () -> keep(entry, letter, attempt + 1));
                    }
                    proceed();
                }));
    }

    private void later(Entry entry, Duration wait, Runnable next) {
        int step = ++entry.step;
        entry.timer = means.scheduler()
                .after(
                        wait,
                        () -> turns.execute(() -> {
                            if (!ended && entry.step == step) {
                                entry.timer = null;
                                next.run();
                                proceed();
                            }
                        }));
    }

    private void done(Entry entry) {
        unfinished.remove(entry.record.offset());
        heldBytes -= entry.record.sizeBytes();
        if (entry.key == null) {
            return;
        }
        Deque<Entry> lane = lanes.get(entry.key);
        if (lane == null) {
            return;
        }
        lane.remove();
        if (lane.isEmpty()) {
            lanes.remove(entry.key);
        } else {
            ready.add(lane.element());
        }
    }
}
