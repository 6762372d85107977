package io.millrace.engine.subscription;

import io.millrace.engine.deliver.Deliveries;
import io.millrace.engine.deliver.Delivery;
import io.millrace.engine.deliver.Plan;
import io.millrace.engine.deliver.RetryPolicy;
import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.TriggerType.Ending;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Triggers that miss nothing. Each is a consumer group, read here while a trigger is bound to it and somebody serves its
 * function.
 */
final class DurableTriggers {
    /** How long a group stays joined that has lost its worker: many come back at once. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final Duration AGAIN = Duration.ofMillis(500);

    private final ConsumerGroups groups;
    private final Deliveries deliveries;
    private final Caller caller;
    private final Scheduler scheduler;
    private final RetryPolicy retries;
    private final Plan.Bounds bounds;
    private final Executor turns;
    private final Sharing sharing;
    private final Map<String, DurableTrigger> triggers = new HashMap<>();
    /** Groups on their way out: who binds the same again waits until they are gone. */
    private final Map<String, CompletionStage<Void>> deletions = new HashMap<>();

    private boolean closed;

    /** With turns that are taken off the callers' threads, since those hold locks. */
    DurableTriggers(
            ConsumerGroups groups,
            Deliveries deliveries,
            Caller caller,
            Scheduler scheduler,
            RetryPolicy retries,
            Plan.Bounds bounds,
            Executor turns,
            Sharing sharing) {
        this.groups = groups;
        this.deliveries = deliveries;
        this.caller = caller;
        this.scheduler = scheduler;
        this.retries = retries;
        this.bounds = bounds;
        this.turns = turns;
        this.sharing = sharing;
    }

    /** Whether a trigger of this node has the subscription. */
    CompletionStage<Boolean> isBound(String subscription) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        turns.execute(() -> {
            DurableTrigger trigger = triggers.get(subscription);
            answer.complete(trigger != null && trigger.isBound());
        });
        return answer;
    }

    CompletionStage<Void> bind(Wish wish) {
        CompletableFuture<Void> bound = new CompletableFuture<>();
        turns.execute(() -> add(wish, bound));
        return bound.minimalCompletionStage();
    }

    private void add(Wish wish, CompletableFuture<Void> bound) {
        String subscription = wish.subscription();
        if (closed) {
            bound.completeExceptionally(new TriggerRefusedException("this node stops"));
            return;
        }
        DurableTrigger trigger = triggers.computeIfAbsent(subscription, ignored -> new DurableTrigger(wish));
        if (trigger.isTakenFrom(wish)) {
            bound.completeExceptionally(new TriggerRefusedException("subscription " + subscription + " belongs to "
                    + trigger.wish().binding().functionId() + ": name another"));
            return;
        }
        if (trigger.wish().kind() != wish.kind()) {
            end(trigger); // other topics
            trigger.prepared(false);
        }
        String functionId = wish.binding().functionId();
        boolean watched = trigger.watches(functionId);
        trigger.add(wish, bound);
        if (!watched) {
            trigger.watch(null);
            trigger.watch(caller.availability()
                    .watch(functionId, now -> turns.execute(() -> available(trigger, functionId, now))));
        }
        prepare(trigger);
        settle(trigger);
    }

    private void available(DurableTrigger trigger, String functionId, boolean now) {
        if (trigger.watches(functionId)) {
            trigger.available(now);
            settle(trigger);
        }
    }

    private void prepare(DurableTrigger trigger) {
        if (!trigger.mustPrepare()) {
            return;
        }
        Wish wish = trigger.wish();
        String subscription = wish.subscription();
        var _ = deletions
                .getOrDefault(subscription, CompletableFuture.completedStage(null))
                .thenCompose(
                        gone -> groups.prepare(group(subscription), wish.kind().topics()))
                .whenComplete((done, failure) -> turns.execute(() -> {
                    trigger.prepared(
                            failure == null && wish.kind() == trigger.wish().kind());
                    if (failure == null) {
                        prepare(trigger); // again, if it has become another kind meanwhile
                    } else {
                        caller.events().unavailable(subscription, failure);
                        scheduler.after(AGAIN, () -> turns.execute(() -> prepare(trigger)));
                    }
                    settle(trigger);
                }));
    }

    /** Reads the group, or ceases to after a while, as is wanted now. */
    private void settle(DurableTrigger trigger) {
        String subscription = trigger.wish().subscription();
        if (!trigger.equals(triggers.get(subscription))) {
            return;
        }
        if (trigger.isWanted()) {
            trigger.linger(null);
            if (trigger.delivery() == null) {
                trigger.delivery(deliveries.open(plan(trigger.wish()), new DurableHandler(trigger::wish, caller)));
            }
        } else if (trigger.delivery() != null) {
            if (!trigger.isLingering()) {
                trigger.linger(scheduler.after(LINGER, () -> turns.execute(() -> lingered(trigger))));
            }
        } else if (!trigger.isBound()) {
            forget(trigger);
        }
    }

    private void lingered(DurableTrigger trigger) {
        trigger.linger(null);
        if (!trigger.isWanted()) {
            end(trigger);
            settle(trigger);
        }
    }

    private CompletionStage<Void> end(DurableTrigger trigger) {
        trigger.linger(null);
        Delivery delivery = trigger.delivery();
        trigger.delivery(null);
        return delivery == null ? CompletableFuture.completedStage(null) : delivery.end();
    }

    private void forget(DurableTrigger trigger) {
        trigger.watch(null);
        trigger.abandon();
        triggers.remove(trigger.wish().subscription(), trigger);
    }

    private Plan plan(Wish wish) {
        return new Plan(
                new DeadLetter.Subject(wish.kind().id(), wish.subscription()),
                group(wish.subscription()),
                wish.kind().topics(),
                retries,
                caller.timeout(),
                bounds);
    }

    private static String group(String subscription) {
        return "trigger." + subscription;
    }

    void unbind(Wish wish, Ending ending) {
        turns.execute(() -> {
            String subscription = wish.subscription();
            DurableTrigger trigger = triggers.get(subscription);
            if (trigger == null || !trigger.remove(wish.binding().id())) {
                return;
            }
            switch (ending) {
                case ABANDONED, REPLACED -> settle(trigger);
                case UNREGISTERED -> {
                    if (trigger.isBound()) {
                        settle(trigger);
                    } else {
                        delete(subscription, end(trigger));
                        forget(trigger);
                    }
                }
            }
        });
    }

    private void delete(String subscription, CompletionStage<Void> left) {
        CompletionStage<Void> deletion = left.thenCompose(done -> sharing.isShared(subscription))
                .thenCompose(
                        shared -> shared ? CompletableFuture.completedStage(null) : groups.delete(group(subscription)))
                .handle((done, failure) -> {
                    if (failure != null) {
                        caller.events().unavailable(subscription, failure);
                    }
                    return null;
                });
        deletions.put(subscription, deletion);
        var _ = deletion.thenRun(() -> turns.execute(() -> deletions.remove(subscription, deletion)));
    }

    /** Leaves all groups, which are kept. */
    CompletionStage<Void> close() {
        CompletableFuture<Void> left = new CompletableFuture<>();
        turns.execute(() -> {
            closed = true;
            List<CompletableFuture<Void>> ends = List.copyOf(triggers.values()).stream()
                    .map(trigger -> {
                        CompletableFuture<Void> end = end(trigger).toCompletableFuture();
                        forget(trigger);
                        return end;
                    })
                    .toList();
            var _ = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                    .whenComplete((done, failure) -> left.complete(null));
        });
        return left;
    }
}
