package io.millrace.engine.subscription;

import io.millrace.engine.deliver.Turns;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Received;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A trigger that is called with what happens now, once, in order per key; with too much, it misses some of it. */
final class LiveTrigger {
    /** Calls under way and waiting. */
    static final int MOST_HELD = 1_000;

    private final Wish wish;
    private final Caller caller;
    private final Turns turns = new Turns();
    /** By key, in order: the first is being called. */
    private final Map<Object, Deque<Received>> lanes = new HashMap<>();

    private int held;
    private boolean ended;

    LiveTrigger(Wish wish, Caller caller) {
        this.wish = wish;
        this.caller = caller;
    }

    Wish wish() {
        return wish;
    }

    void told(Received record) {
        if (record.value() != null && record.key() != null && wish.filter().matches(record)) {
            Object key = record.key();
            turns.execute(() -> take(key, record));
        }
    }

    /** Calls no more. */
    void end() {
        turns.execute(() -> {
            ended = true;
            lanes.clear();
        });
    }

    private void take(Object key, Received record) {
        if (ended) {
            return;
        }
        if (held >= MOST_HELD) {
            caller.events().liveDropped(wish.kind().id(), wish.binding().functionId());
            return;
        }
        held++;
        Deque<Received> lane = lanes.computeIfAbsent(key, ignored -> new ArrayDeque<>(2));
        lane.add(record);
        if (lane.size() == 1) {
            call(key, record);
        }
    }

    private void call(Object key, Received record) {
        CompletionStage<Outcome> outcome = caller.call(wish, record);
        var _ = outcome.whenComplete((known, failure) -> turns.execute(() -> called(key, known, failure)));
    }

    private void called(Object key, @Nullable Outcome outcome, @Nullable Throwable broken) {
        if (broken != null || outcome == null) {
            failed(new Outcome.Failure("delivery_failed", String.valueOf(broken)));
        } else if (outcome instanceof Outcome.Failure failure) {
            failed(failure);
        } else {
            caller.events().liveDelivered(wish.kind().id());
        }
        held--;
        Deque<Received> lane = lanes.get(key);
        if (lane == null) {
            return;
        }
        lane.remove();
        if (lane.isEmpty()) {
            lanes.remove(key);
        } else {
            call(key, lane.element());
        }
    }

    private void failed(Outcome.Failure failure) {
        caller.events().liveFailed(wish.kind().id(), wish.binding().functionId(), failure);
    }
}
