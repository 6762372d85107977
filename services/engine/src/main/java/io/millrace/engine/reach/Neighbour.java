package io.millrace.engine.reach;

import io.millrace.engine.function.Invoker;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerType.Ending;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Another node, for as long as one connection to it lasts, and all it has told. Touched in turns only, but where noted. */
final class Neighbour {
    private final Peer peer;
    private final Reach.Means means;
    private final Mirrors mirrors;
    private final Presences presences;
    private final Map<String, RemoteFunction> functions = new HashMap<>();
    private final Map<String, PeerTriggerType> types = new HashMap<>();
    /** By id; empty if it has not said what it is called. Read by any thread. */
    private final Map<String, String> workers = new ConcurrentHashMap<>();

    private volatile boolean leaving;

    Neighbour(Peer peer, Reach.Means means, Mirrors mirrors, Presences presences) {
        this.peer = peer;
        this.means = means;
        this.mirrors = mirrors;
        this.presences = presences;
    }

    /** From any thread. */
    Peer peer() {
        return peer;
    }

    /** Whether it is about to stop. From any thread. */
    boolean isLeaving() {
        return leaving;
    }

    /** What a worker there is called; null if it is not known. From any thread. */
    @Nullable
    String workerName(String workerId) {
        String name = workers.get(workerId);
        return name == null || name.isEmpty() ? null : name;
    }

    /** Takes in what it tells of anything but triggers. */
    void told(Entry.Kind kind, JsonNode entry) {
        switch (kind) {
            case WORKER -> worker(entry);
            case FUNCTION -> function(entry);
            case TYPE -> type(entry);
            case TRIGGER -> trigger(entry);
            case LEAVING -> leaving = true;
        }
    }

    private void worker(JsonNode entry) {
        String id = Entry.id(entry);
        if (Entry.isGone(entry)) {
            if (workers.remove(id) != null) {
                presences.tell("worker_disconnected", id);
            }
            return;
        }
        String name = Entry.text(entry, "name");
        boolean known = workers.put(id, name == null ? "" : name) != null;
        presences.tell(known ? "worker_metadata_updated" : "worker_connected", id);
    }

    private void function(JsonNode entry) {
        String id = Entry.id(entry);
        List<String> workerIds = new ArrayList<>();
        entry.path("workers").forEach(worker -> workerIds.add(worker.asString("")));
        Invoker invoker = means.functions();
        if (Entry.isGone(entry) || workerIds.isEmpty()) {
            RemoteFunction gone = functions.remove(id);
            if (gone != null) {
                invoker.cease(gone, id);
            }
            return;
        }
        List<String> now = List.copyOf(workerIds);
        RemoteFunction function =
                functions.computeIfAbsent(id, ignored -> new RemoteFunction(this, means.clock(), now));
        function.workerIds(now);
        invoker.serve(function, Entry.function(entry));
    }

    private void type(JsonNode entry) {
        String id = Entry.id(entry);
        PeerTriggerType before = types.remove(id);
        if (!Entry.isGone(entry)) {
            PeerTriggerType type = new PeerTriggerType(peer, entry, means);
            if (means.triggers().provide(type)) {
                types.put(id, type);
            }
        } else if (before != null) {
            means.triggers().withdraw(before);
        }
    }

    private void trigger(JsonNode entry) {
        Binding.Key key = new Binding.Key(peer.node(), Entry.id(entry));
        Binding binding = Entry.isGone(entry) ? null : Entry.binding(entry, peer.node());
        if (binding == null) {
            mirrors.remove(key, Entry.isGone(entry) ? Entry.ending(entry) : Ending.REPLACED);
        } else {
            mirrors.put(binding);
        }
    }

    /** It is gone, and with it everything it has told. */
    void left() {
        functions.forEach((id, function) -> means.functions().cease(function, id));
        types.values().forEach(means.triggers()::withdraw);
        mirrors.left(peer.node());
        List<String> gone = List.copyOf(workers.keySet());
        workers.clear();
        gone.forEach(id -> presences.tell("worker_disconnected", id));
    }
}
