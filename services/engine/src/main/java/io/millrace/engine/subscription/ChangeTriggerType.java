package io.millrace.engine.subscription;

import io.millrace.core.value.Json;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerType;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The {@code state} or the {@code stream} trigger. */
final class ChangeTriggerType implements TriggerType {
    private final Kind kind;
    private final DurableTriggers durable;
    private final LiveTriggers live;
    private final Predicate<Binding> onlyLive;
    private final Map<String, Wish> bound = new ConcurrentHashMap<>();

    ChangeTriggerType(Kind kind, DurableTriggers durable, LiveTriggers live, Predicate<Binding> onlyLive) {
        this.kind = kind;
        this.durable = durable;
        this.live = live;
        this.onlyLive = onlyLive;
    }

    @Override
    public String id() {
        return kind.id();
    }

    @Override
    public String description() {
        return kind.description();
    }

    @Override
    public @Nullable Json configFormat() {
        return kind == Kind.STATE ? Formats.STATE_CONFIG : Formats.STREAM_CONFIG;
    }

    @Override
    public @Nullable Json callFormat() {
        return kind == Kind.STATE ? Formats.STATE_CALL : Formats.STREAM_CALL;
    }

    @Override
    public CompletionStage<Void> bind(Binding binding) {
        Wish wish = Wish.of(kind, binding);
        bound.put(binding.id(), wish);
        return isDurable(wish) ? durable.bind(wish) : live.bind(wish);
    }

    private boolean isDurable(Wish wish) {
        return wish.durable() && !onlyLive.test(wish.binding());
    }

    @Override
    public void unbind(Binding binding, Ending ending) {
        Wish wish = bound.remove(binding.id());
        if (wish != null) {
            // Whichever it was: what a worker is may have become known since.
            live.unbind(binding);
            durable.unbind(wish, ending);
        }
    }

    /** A worker has said what it is: its triggers become live ones if that is what it should have. */
    void announced(String workerId) {
        for (Wish wish : bound.values()) {
            if (workerId.equals(wish.binding().workerId()) && wish.durable() && !isDurable(wish)) {
                live.unbind(wish.binding());
                var _ = live.bind(wish);
                durable.unbind(wish, Ending.UNREGISTERED);
            }
        }
    }
}
