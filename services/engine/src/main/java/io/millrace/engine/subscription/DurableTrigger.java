package io.millrace.engine.subscription;

import io.millrace.engine.deliver.Delivery;
import io.millrace.engine.function.Availability.Watch;
import io.millrace.engine.port.Scheduler.Scheduled;
import io.millrace.engine.trigger.TriggerRefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One subscription: several bindings of it are one. Touched in turns only, but for the wish. */
final class DurableTrigger {
    private final Map<String, Wish> bindings = new LinkedHashMap<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    /** The newest, which counts; also while none is bound for a moment. */
    private volatile Wish wish;

    private @Nullable Watch watch;
    private @Nullable Delivery delivery;
    private @Nullable Scheduled linger;
    private boolean available;
    private boolean prepared;
    private boolean preparing;

    DurableTrigger(Wish first) {
        this.wish = first;
    }

    Wish wish() {
        return wish;
    }

    /** Counts a binding in: it will know through {@code bound} when nothing is missed. */
    void add(Wish added, CompletableFuture<Void> bound) {
        bindings.put(added.binding().id(), added);
        wish = added;
        if (prepared) {
            bound.complete(null);
        } else {
            waiting.add(bound);
        }
    }

    /** Returns whether there was such a binding. */
    boolean remove(String bindingId) {
        boolean removed = bindings.remove(bindingId) != null;
        if (!bindings.isEmpty()) {
            wish = List.copyOf(bindings.values()).getLast();
        }
        return removed;
    }

    boolean isBound() {
        return !bindings.isEmpty();
    }

    /** Whether another function or type has the subscription now. */
    boolean isTakenFrom(Wish other) {
        return isBound()
                && (wish.kind() != other.kind()
                        || !wish.binding().functionId().equals(other.binding().functionId()));
    }

    boolean watches(String functionId) {
        return watch != null && wish.binding().functionId().equals(functionId);
    }

    void watch(@Nullable Watch by) {
        if (watch != null) {
            watch.close();
        }
        watch = by;
        available = false;
    }

    void available(boolean now) {
        available = now;
    }

    boolean isWanted() {
        return isBound() && available && prepared;
    }

    /** Returns whether somebody has to begin to prepare it. */
    boolean mustPrepare() {
        boolean must = !prepared && !preparing && isBound();
        preparing |= must;
        return must;
    }

    void prepared(boolean done) {
        preparing = false;
        prepared = done;
        if (done) {
            waiting.forEach(bound -> bound.complete(null));
            waiting.clear();
        }
    }

    /** Nobody wants it any more. */
    void abandon() {
        waiting.forEach(bound -> bound.completeExceptionally(new TriggerRefusedException("unregistered meanwhile")));
        waiting.clear();
    }

    @Nullable
    Delivery delivery() {
        return delivery;
    }

    void delivery(@Nullable Delivery now) {
        delivery = now;
    }

    boolean isLingering() {
        return linger != null;
    }

    void linger(@Nullable Scheduled until) {
        if (linger != null) {
            linger.cancel();
        }
        linger = until;
    }
}
