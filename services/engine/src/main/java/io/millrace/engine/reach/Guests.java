package io.millrace.engine.reach;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.TriggerType;
import io.millrace.engine.trigger.TriggerType.Ending;
import io.millrace.engine.trigger.Triggers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import tools.jackson.databind.JsonNode;

/**
 * Triggers of other nodes whose types workers of this node provide. Of several with one id the last counts: workers know
 * them by their ids.
 */
final class Guests {
    private static final byte[] DONE = new JsonText().raw("{}").bytes();

    private final Triggers triggers;
    private final Executor turns;
    private final Map<String, Guest> guests = new HashMap<>();

    /** One of them, and who serves it. */
    private record Guest(Peer of, Binding binding, TriggerType by) {}

    Guests(Triggers triggers, Executor turns) {
        this.triggers = triggers;
        this.turns = turns;
    }

    /** Answers with {@code {}} or {@code {"refused":{"code":…,"message":…}}}. */
    CompletionStage<byte[]> bind(Peer from, byte[] body) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        turns.execute(() -> {
            Binding binding = Entry.binding(Json.ofTrusted(body).tree(), from.node());
            TriggerType type = binding == null ? null : triggers.type(binding.type());
            if (binding == null || type == null || type.workerId() == null || type.node() != null) {
                answer.complete(DONE); // gone; the other side will hear of it
                return;
            }
            Guest guest = new Guest(from, binding, type);
            Guest before = guests.put(binding.id(), guest);
            if (before != null && !before.by().equals(type)) {
                before.by().unbind(before.binding(), Ending.REPLACED);
            }
            var _ = type.bind(binding)
                    .whenComplete((done, failure) -> turns.execute(() -> {
                        if (failure != null) {
                            guests.remove(binding.id(), guest);
                        }
                        answer.complete(failure == null ? DONE : refused(failure));
                    }));
        });
        return answer;
    }

    private static byte[] refused(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String code = cause instanceof TriggerRefusedException refusal ? refusal.code() : TriggerRefusedException.CODE;
        return new JsonText()
                .raw("{\"refused\":{\"code\":")
                .quoted(code)
                .raw(",\"message\":")
                .quoted(String.valueOf(cause.getMessage()))
                .raw("}}")
                .taken();
    }

    void unbind(Peer from, byte[] body) {
        turns.execute(() -> {
            JsonNode said = Json.ofTrusted(body).tree();
            Guest guest = guests.get(Entry.id(said));
            if (guest != null && guest.of().equals(from)) {
                end(guest, Ending.UNREGISTERED);
            }
        });
    }

    private void end(Guest guest, Ending ending) {
        String id = guest.binding().id();
        guests.remove(id, guest);
        Binding here = triggers.binding(id);
        // It may have come to this node, where it goes on.
        if (here == null || !here.type().equals(guest.binding().type())) {
            guest.by().unbind(guest.binding(), ending);
        }
    }

    /** A trigger of this node is gone. If it has gone to another, its type has just been told that it is no more. */
    void removedHere(Binding binding) {
        Guest guest = guests.get(binding.id());
        if (guest != null && guest.binding().type().equals(binding.type())) {
            var _ = guest.by().bind(guest.binding());
        }
    }

    /** Another provides the type, or nobody any more: their own nodes see to it that they are bound again. */
    void changed(String typeId) {
        TriggerType now = triggers.type(typeId);
        for (Guest guest : List.copyOf(guests.values())) {
            if (guest.binding().type().equals(typeId) && !guest.by().equals(now)) {
                guests.remove(guest.binding().id(), guest);
                guest.by().unbind(guest.binding(), Ending.REPLACED);
            }
        }
    }

    /** A node is gone. */
    void left(Peer peer) {
        List.copyOf(guests.values()).stream()
                .filter(guest -> guest.of().equals(peer))
                .forEach(guest -> end(guest, Ending.ABANDONED));
    }
}
