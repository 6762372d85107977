package io.millrace.engine.subscription;

import io.millrace.engine.port.Received;
import io.millrace.engine.port.Tap;
import io.millrace.engine.trigger.Binding;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Triggers that are served from the ends of the topics, all of one kind by one listener. */
final class LiveTriggers {
    private final Tap tap;
    private final Caller caller;
    private final Map<Kind, Listening> listening = new EnumMap<>(Kind.class);

    /** The triggers of one kind and how they are told. */
    private static final class Listening implements Tap.Listener {
        private final List<LiveTrigger> triggers = new CopyOnWriteArrayList<>();

        @Override
        public void told(Received record) {
            triggers.forEach(trigger -> trigger.told(record));
        }
    }

    private final Map<Kind, Tap.Tapping> tappings = new EnumMap<>(Kind.class);

    LiveTriggers(Tap tap, Caller caller) {
        this.tap = tap;
        this.caller = caller;
    }

    synchronized CompletionStage<Void> bind(Wish wish) {
        Kind kind = wish.kind();
        listening.computeIfAbsent(kind, ignored -> new Listening()).triggers.add(new LiveTrigger(wish, caller));
        return tappings.computeIfAbsent(kind, this::open).following();
    }

    private Tap.Tapping open(Kind kind) {
        Listening listener = listening.get(kind);
        if (listener == null) {
            throw new IllegalStateException("listener: none for " + kind + " (expected: the one just added)");
        }
        return tap.open(kind.topics(), listener);
    }

    synchronized void unbind(Binding binding) {
        listening.forEach((kind, listener) -> {
            listener.triggers.removeIf(trigger -> {
                boolean its = trigger.wish().binding().equals(binding);
                if (its) {
                    trigger.end();
                }
                return its;
            });
            Tap.Tapping tapping = listener.triggers.isEmpty() ? tappings.remove(kind) : null;
            if (tapping != null) {
                tapping.close();
            }
        });
    }

    synchronized CompletionStage<Void> close() {
        listening.values().forEach(listener -> listener.triggers.forEach(LiveTrigger::end));
        listening.clear();
        tappings.values().forEach(Tap.Tapping::close);
        tappings.clear();
        return CompletableFuture.completedStage(null);
    }
}
