package io.millrace.engine.gate;

import io.millrace.core.value.Json;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.port.Scheduler.Scheduled;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code stream:join} or {@code stream:leave}: knows whom to call, and lets others do so. */
final class GateTrigger implements TriggerType {
    /** Of guards whose workers have gone; then the first is forgotten. */
    private static final int MOST_KEPT = 1_000;
    /** Of streams somebody has cared for; with more of them, all count as such. */
    private static final int MOST_SEEN = 10_000;

    private static final Json CONFIG = json("""
            {"type":"object","properties":{\
            "stream_name":{"type":["string","null"],"description":"Only subscriptions to this stream"},\
            "condition_function_id":{"type":["string","null"],"description":"Its false keeps the function from being called"}}}""");
    private static final Json CALL = json("""
            {"type":"object","properties":{\
            "subscription_id":{"type":"string"},"stream_name":{"type":"string"},"group_id":{"type":"string"},\
            "id":{"type":["string","null"]},"context":{}},\
            "required":["subscription_id","stream_name","group_id","id","context"]}""");

    private final String id;
    private final String description;
    private final Duration keep;
    private final Scheduler scheduler;
    private final Map<Guard, Set<Binding.Key>> bound = new LinkedHashMap<>();
    private final SequencedMap<Guard, Scheduled> kept = new LinkedHashMap<>();
    private final Set<String> streamsSeen = new HashSet<>();
    private boolean allSeen;
    private volatile List<Guard> guards = List.of();
    private volatile Runnable changed = () -> {};

    /**
     * A type without triggers.
     *
     * @param keep how long a guard stays whose worker has gone
     */
    GateTrigger(String id, String description, Duration keep, Scheduler scheduler) {
        this.id = id;
        this.description = description;
        this.keep = keep;
        this.scheduler = scheduler;
    }

    /** Whether anybody cares for a stream. */
    boolean guards(String streamName) {
        for (Guard guard : guards) {
            if (guard.caresFor(streamName)) {
                return true;
            }
        }
        return false;
    }

    /** Who cares for a stream, in the order of registration. */
    List<Guard> of(String streamName) {
        return guards.stream().filter(guard -> guard.caresFor(streamName)).toList();
    }

    /** Whether anybody has ever cared for a stream since this process began. */
    synchronized boolean hasSeen(String streamName) {
        return allSeen || streamsSeen.contains(streamName);
    }

    /** Calls {@code told} whenever somebody begins or ceases to care. It must return at once. */
    void onChange(Runnable told) {
        changed = told;
    }

    @Override
    public synchronized CompletionStage<Void> bind(Binding binding) {
        Guard guard = Guard.of(binding);
        saw(guard);
        bound.computeIfAbsent(guard, any -> new HashSet<>()).add(binding.key());
        forget(guard);
        publish();
        return CompletableFuture.completedStage(null);
    }

    @Override
    public synchronized void unbind(Binding binding, Ending ending) {
        Guard guard = Guard.of(binding);
        Set<Binding.Key> keys = bound.get(guard);
        if (keys == null || !keys.remove(binding.key()) || !keys.isEmpty()) {
            return;
        }
        bound.remove(guard);
        if (ending == Ending.ABANDONED && keep.isPositive()) {
            keep(guard);
        }
        publish();
    }

    private void saw(Guard guard) {
        String streamName = guard.streamName();
        allSeen |= streamName == null || streamsSeen.size() >= MOST_SEEN;
        if (streamName != null && !allSeen) {
            streamsSeen.add(streamName);
        }
    }

    private void keep(Guard guard) {
        forget(guard);
        kept.put(guard, scheduler.after(keep, () -> expired(guard)));
        if (kept.size() > MOST_KEPT) {
            forget(kept.firstEntry().getKey());
        }
    }

    private void forget(Guard guard) {
        Scheduled end = kept.remove(guard);
        if (end != null) {
            end.cancel();
        }
    }

    private synchronized void expired(Guard guard) {
        kept.remove(guard);
        publish();
    }

    private void publish() {
        List<Guard> all = new ArrayList<>(bound.keySet());
        all.addAll(kept.keySet());
        guards = List.copyOf(all);
        changed.run();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return description;
    }

    /** Clients subscribe at every node. */
    @Override
    public boolean isEverywhere() {
        return true;
    }

    @Override
    public Json configFormat() {
        return CONFIG;
    }

    @Override
    public Json callFormat() {
        return CALL;
    }

    private static Json json(String text) {
        return Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }
}
