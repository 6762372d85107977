package io.millrace.engine.reach;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.TriggerType;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A type of trigger that a worker at another node provides: triggers of this node are bound there. */
final class PeerTriggerType implements TriggerType {
    /** Longer than its own node waits for the worker. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Peer peer;
    private final JsonNode described;
    private final Reach.Means means;

    PeerTriggerType(Peer peer, JsonNode described, Reach.Means means) {
        this.peer = peer;
        this.described = described;
        this.means = means;
    }

    @Override
    public CompletionStage<Void> bind(Binding binding) {
        JsonText text = new JsonText().raw("{\"id\":").quoted(binding.id());
        Entry.put(text, binding);
        CompletableFuture<Void> bound = new CompletableFuture<>();
        var _ = peer.ask(
                        Reach.BIND,
                        text.raw("}").taken(),
                        means.clock().instant().plus(PATIENCE))
                .whenComplete((answer, failure) -> {
                    // Without an answer it may be bound, or will be when the type is back.
                    JsonNode refused =
                            failure == null ? Json.ofTrusted(answer).tree().path("refused") : null;
                    if (refused == null || !refused.isObject()) {
                        bound.complete(null);
                    } else {
                        refuse(binding, refused, bound);
                    }
                });
        return bound;
    }

    private void refuse(Binding binding, JsonNode refused, CompletableFuture<Void> bound) {
        String code = refused.path("code").asString(TriggerRefusedException.CODE);
        String message = refused.path("message").asString("");
        means.workers().refuse(binding, code, message);
        bound.completeExceptionally(new TriggerRefusedException(code, message));
    }

    @Override
    public void unbind(Binding binding, Ending ending) {
        peer.tell(
                Reach.UNBIND,
                new JsonText()
                        .raw("{\"id\":")
                        .quoted(binding.id())
                        .raw(",\"type\":")
                        .quoted(binding.type())
                        .raw("}")
                        .taken());
    }

    @Override
    public String id() {
        return Entry.id(described);
    }

    @Override
    public String description() {
        return described.path("description").asString("");
    }

    @Override
    public @Nullable Json configFormat() {
        return Entry.json(described, "config");
    }

    @Override
    public @Nullable Json callFormat() {
        return Entry.json(described, "call");
    }

    @Override
    public String workerId() {
        return described.path("worker").asString("");
    }

    @Override
    public String node() {
        return peer.node();
    }
}
