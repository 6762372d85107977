package io.millrace.engine.reach;

import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.TriggerType;
import io.millrace.engine.trigger.TriggerType.Ending;
import io.millrace.engine.trigger.Triggers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Triggers of other nodes that are bound here, too, since their types are {@linkplain TriggerType#isEverywhere everywhere}. */
final class Mirrors {
    private final Triggers triggers;
    private final Map<Binding.Key, Held> held = new LinkedHashMap<>();

    /** A trigger of another node, and the type it is bound to; null if none of ours takes it. */
    private record Held(Binding binding, @Nullable TriggerType by) {}

    Mirrors(Triggers triggers) {
        this.triggers = triggers;
    }

    void put(Binding binding) {
        remove(binding.key(), Ending.REPLACED);
        bind(binding);
    }

    private void bind(Binding binding) {
        TriggerType type = triggers.type(binding.type());
        boolean taken = type != null && type.isEverywhere() && isTaken(binding, type);
        held.put(binding.key(), new Held(binding, taken ? type : null));
    }

    /** Who registered it has been told by its own node what is wrong with it. */
    private static boolean isTaken(Binding binding, TriggerType type) {
        try {
            var _ = type.bind(binding);
            return true;
        } catch (TriggerRefusedException e) {
            return false;
        }
    }

    void remove(Binding.Key key, Ending ending) {
        Held gone = held.remove(key);
        if (gone != null && gone.by() != null) {
            gone.by().unbind(gone.binding(), ending);
        }
    }

    /** A node is gone, and may come back. */
    void left(String node) {
        List.copyOf(held.keySet()).stream()
                .filter(key -> node.equals(key.node()))
                .forEach(key -> remove(key, Ending.ABANDONED));
    }

    /** A type of ours is there: what has waited for it is bound. */
    void provided(TriggerType type) {
        for (Held each : List.copyOf(held.values())) {
            if (each.by() == null && each.binding().type().equals(type.id())) {
                bind(each.binding());
            }
        }
    }
}
