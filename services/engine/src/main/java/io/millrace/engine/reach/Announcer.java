package io.millrace.engine.reach;

import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.Remote;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerEvents;
import io.millrace.engine.trigger.TriggerType;
import io.millrace.engine.trigger.TriggerType.Ending;
import io.millrace.engine.trigger.Triggers;
import io.millrace.engine.worker.Worker;
import io.millrace.engine.worker.WorkerEvents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Tells other nodes what is here: all of it when one comes, and then as it changes, in order. Happenings may come from any
 * thread; everything else is done in turns.
 */
final class Announcer implements TriggerEvents, WorkerEvents {
    private static final int MESSAGE_BYTES = 128 << 10;

    private final Invoker functions;
    private final Triggers triggers;
    private final Executor turns;
    private final Stamps stamps;
    /** What is true here, as told. */
    private final Map<Entry.Kind, Map<String, byte[]>> told = new EnumMap<>(Entry.Kind.class);

    private final Map<String, Registered> registered = new HashMap<>();
    private final Set<Peer> audience = new LinkedHashSet<>();
    private final List<byte[]> news = new ArrayList<>();
    /** Functions that somebody is to look at. */
    private final Set<String> changed = ConcurrentHashMap.newKeySet();

    /** A trigger of this node, and when it came. */
    record Registered(Binding binding, long stamp) {}

    Announcer(Invoker functions, Triggers triggers, Executor turns, Stamps stamps) {
        this.functions = functions;
        this.triggers = triggers;
        this.turns = turns;
        this.stamps = stamps;
        for (Entry.Kind kind : Entry.Kind.values()) {
            told.put(kind, new LinkedHashMap<>());
        }
    }

    /** Somebody has begun or ceased to serve a function, here or elsewhere. */
    void changed(String functionId) {
        if (changed.add(functionId)) {
            turns.execute(() -> {
                changed.remove(functionId);
                look(functionId);
            });
        }
    }

    private void look(String functionId) {
        List<Invoker.Service> here = functions.services(functionId).stream()
                .filter(service -> !(service.provider() instanceof Remote))
                .toList();
        byte[] now = here.isEmpty()
                ? null
                : Entry.function(
                        here.getFirst().description(),
                        here.stream()
                                .map(service -> service.provider().workerId())
                                .toList());
        // What others have told us is no news to them: it must not go back and forth for ever.
        if (!Arrays.equals(now, told.getOrDefault(Entry.Kind.FUNCTION, Map.of()).get(functionId))) {
            say(Entry.Kind.FUNCTION, functionId, now, Entry.gone(Entry.Kind.FUNCTION, functionId));
        }
    }

    @Override
    public void connected(Worker worker) {
        announced(worker);
    }

    @Override
    public void announced(Worker worker) {
        byte[] entry = Entry.worker(worker.id(), worker.info().name());
        turns.execute(() -> say(Entry.Kind.WORKER, worker.id(), entry, entry));
    }

    @Override
    public void disconnected(Worker worker) {
        turns.execute(() -> say(Entry.Kind.WORKER, worker.id(), null, Entry.gone(Entry.Kind.WORKER, worker.id())));
    }

    @Override
    public void registered(Binding binding) {
        TriggerType type = triggers.type(binding.type());
        boolean whole = type == null || type.isEverywhere();
        turns.execute(() -> {
            Registered now = new Registered(binding, stamps.next());
            registered.put(binding.id(), now);
            byte[] entry = Entry.trigger(binding, now.stamp(), whole);
            say(Entry.Kind.TRIGGER, binding.id(), entry, entry);
        });
    }

    @Override
    public void removed(Binding binding, Ending ending) {
        turns.execute(() -> {
            registered.remove(binding.id());
            say(Entry.Kind.TRIGGER, binding.id(), null, Entry.gone(binding.id(), ending));
        });
    }

    /** The trigger of that id that is here. */
    @Nullable
    Registered registered(String triggerId) {
        return registered.get(triggerId);
    }

    @Override
    public void provided(TriggerType type) {
        if (type.node() != null) {
            withdrawn(type); // one of another node has taken its place
        } else if (type.workerId() != null) {
            byte[] entry = Entry.type(type);
            turns.execute(() -> say(Entry.Kind.TYPE, type.id(), entry, entry));
        }
    }

    @Override
    public void withdrawn(TriggerType type) {
        turns.execute(() -> say(Entry.Kind.TYPE, type.id(), null, Entry.gone(Entry.Kind.TYPE, type.id())));
    }

    /** This node is about to stop. */
    void leaving() {
        byte[] entry = Entry.leaving();
        turns.execute(() -> say(Entry.Kind.LEAVING, "", entry, entry));
    }

    /**
     * Notes what is true now, and tells it.
     *
     * @param now null if there is nothing any more; if there was nothing before, either, that is no news
     */
    private void say(Entry.Kind kind, String id, byte @Nullable [] now, byte[] gone) {
        Map<String, byte[]> known = told.getOrDefault(kind, Map.of());
        if (now == null) {
            if (known.remove(id) != null) {
                tell(gone);
            }
        } else {
            known.put(id, now);
            tell(now);
        }
    }

    /** What happens meanwhile goes along. */
    private void tell(byte[] entry) {
        if (audience.isEmpty()) {
            return;
        }
        news.add(entry);
        if (news.size() == 1) {
            turns.execute(this::send);
        }
    }

    private void send() {
        audience.forEach(peer -> send(peer, news));
        news.clear();
    }

    private static void send(Peer peer, List<byte[]> entries) {
        JsonText text = null;
        for (byte[] entry : entries) {
            text = text == null ? new JsonText(MESSAGE_BYTES / 32).raw("{\"entries\":[") : text.raw(",");
            text.utf8(entry);
            if (text.sizeBytes() >= MESSAGE_BYTES) {
                peer.tell(Reach.NEWS, text.raw("]}").taken());
                text = null;
            }
        }
        if (text != null) {
            peer.tell(Reach.NEWS, text.raw("]}").taken());
        }
    }

    /** A node is there: it is told everything, and what comes. */
    void joined(Peer peer) {
        send();
        told.values().forEach(known -> send(peer, List.copyOf(known.values())));
        audience.add(peer);
    }

    void left(Peer peer) {
        audience.remove(peer);
    }
}
