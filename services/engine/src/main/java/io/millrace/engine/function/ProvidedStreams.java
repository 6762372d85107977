package io.millrace.engine.function;

import io.millrace.core.address.Group;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.change.Change;
import io.millrace.core.change.Frames;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.feed.ProvidedSnapshots;
import io.millrace.engine.write.UnavailableException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Streams that workers keep: an operation of stream {@code todo} is theirs while somebody serves a function that is called,
 * for instance, {@code stream::set(todo)}. It gets the request as it came. What it writes is told as an event, in a frame
 * like those of our own changes, but without a version: there is none to compare with, nor is a write that is sent twice
 * known again. Snapshots of subscriptions come from {@code stream::list(todo)} and {@code stream::get(todo)}. What is
 * written while a snapshot is taken may come again after it, and is never missed.
 */
public final class ProvidedStreams implements ProvidedSnapshots {
    /** Groups that share one are stamped later than they might be, which hurts nobody. */
    private static final int STAMPS = 1_024;

    private static final String NO_RESULT = "Function returned no result";

    private final Invoker functions;
    private final InstantSource clock;
    private final Consumer<Throwable> untold;
    /** The last timestamps given, by the hash of the group: clients drop what is not later than what they have. */
    private final AtomicLongArray stamps = new AtomicLongArray(STAMPS);

    /**
     * Those whose functions are there.
     *
     * @param untold gets the cause when a change that was written could be told to nobody
     */
    public ProvidedStreams(Invoker functions, InstantSource clock, Consumer<Throwable> untold) {
        this.functions = functions;
        this.clock = clock;
        this.untold = untold;
    }

    /** The function whose the operation is; null if it is ours. */
    @Nullable
    String provider(String operation, String streamName) {
        String id = "stream::" + operation + "(" + streamName + ")";
        return functions.isAvailable(id) ? id : null;
    }

    /** A read: the answer is passed on as it is, null as no result. */
    CompletionStage<Outcome> read(String provider, Request request) {
        return functions.invoke(request.passedOn(provider)).thenApply(outcome -> switch (outcome) {
            case Outcome.Result(Json value) -> value.isNull() ? new Outcome.NoResult() : outcome;
            case Outcome.NoResult ignored -> outcome;
            case Outcome.Failure ignored -> outcome;
        });
    }

    /** A set or an update: {@code {"old_value"?,"new_value","errors"?}}. */
    CompletionStage<Outcome> write(String provider, Request request, StreamAddress address, Sends events) {
        return answer(provider, request, result -> {
            JsonNode after = result.get("new_value");
            if (after == null) {
                return misfit("missing field `new_value`");
            }
            JsonNode errors = result.path("errors");
            if (!errors.isMissingNode() && !errors.isNull() && !errors.isArray()) {
                return misfit("invalid type: " + Unexpected.node(errors) + ", expected a sequence");
            }
            Json before = before(result);
            Json value = Json.of(after);
            JsonText text = new JsonText(64 + value.sizeBytes());
            text.raw("{\"old_value\":").json(before).raw(",\"new_value\":").json(value);
            if (!errors.isEmpty()) {
                text.raw(",\"errors\":").json(Json.of(errors));
            }
            Outcome outcome = new Outcome.Result(text.raw("}").toJson());
            Change.Kind kind = before.isNull() ? Change.Kind.CREATED : Change.Kind.UPDATED;
            return told(request, address, kind, value, events).thenApply(done -> outcome);
        });
    }

    /** A delete: {@code {"old_value"?}}. */
    CompletionStage<Outcome> delete(String provider, Request request, StreamAddress address, Sends events) {
        return answer(provider, request, result -> {
            Json before = before(result);
            Outcome outcome = new Outcome.Result(
                    new JsonText().raw("{\"old_value\":").json(before).raw("}").toJson());
            return before.isNull()
                    ? CompletableFuture.completedStage(outcome)
                    : told(request, address, Change.Kind.DELETED, before, events)
                            .thenApply(done -> outcome);
        });
    }

    /** What is to be done with the object that a provider answers. */
    @FunctionalInterface
    private interface Answered {
        CompletionStage<Outcome> with(JsonNode result);
    }

    private CompletionStage<Outcome> answer(String provider, Request request, Answered answered) {
        return functions.invoke(request.passedOn(provider)).thenCompose(outcome -> switch (outcome) {
            case Outcome.Failure failure -> CompletableFuture.completedStage(failed(request, failure));
            case Outcome.NoResult ignored -> noResult(request);
            case Outcome.Result(Json value) -> {
                JsonNode result = value.tree();
                if (result.isNull()) {
                    yield noResult(request);
                }
                yield result.isObject()
                        ? answered.with(result)
                        : misfit("invalid type: " + Unexpected.node(result) + ", expected a map");
            }
        });
    }

    private static Outcome failed(Request request, Outcome.Failure failure) {
        StoreFailure words = request.storeFailure();
        return new Outcome.Failure(
                words.code(),
                words.phrase() + ": Failed to invoke function: " + failure.code() + ": " + failure.message(),
                failure.retriable(),
                null,
                failure.stacktrace());
    }

    private static CompletionStage<Outcome> noResult(Request request) {
        return CompletableFuture.completedStage(
                new Outcome.Failure(request.storeFailure().code(), NO_RESULT));
    }

    private static CompletionStage<Outcome> misfit(String why) {
        return CompletableFuture.completedStage(
                new Outcome.Failure("JSON_ERROR", "Failed to convert result to value: " + why));
    }

    /** Null, too, if there was nothing. */
    private static Json before(JsonNode result) {
        JsonNode before = result.get("old_value");
        return before == null ? Json.NULL : Json.of(before);
    }

    /** Completes when the change has been told, or could not be: written it is all the same. */
    private CompletionStage<Void> told(
            Request request, StreamAddress address, Change.Kind kind, Json value, Sends events) {
        Group group = address.unit();
        Json frame = Frames.provided(group, address.itemId(), kind, value, stamp(group));
        return events.send(group, frame, request.traceParent()).exceptionally(failure -> {
            untold.accept(failure);
            return null;
        });
    }

    @Override
    public @Nullable CompletionStage<Json> sync(Group group, @Nullable String itemId, Instant deadline) {
        String provider = provider(itemId == null ? "list" : "get", group.streamName());
        if (provider == null) {
            return null;
        }
        // Before it is read: so every later stamp belongs to a write that is told after the snapshot.
        long timestampMs = stamp(group);
        JsonText payload = new JsonText()
                .raw("{\"stream_name\":")
                .quoted(group.streamName())
                .raw(",\"group_id\":")
                .quoted(group.groupId());
        if (itemId != null) {
            payload.raw(",\"item_id\":").quoted(itemId);
        }
        Invocation invocation = new Invocation(provider, payload.raw("}").toJson(), deadline);
        return functions.invoke(invocation).thenApply(outcome -> switch (outcome) {
            case Outcome.Result(Json value) -> frame(group, itemId, value, timestampMs);
            case Outcome.NoResult ignored -> frame(group, itemId, Json.NULL, timestampMs);
            case Outcome.Failure failure ->
                throw new UnavailableException(provider + ": " + failure.code() + ": " + failure.message());
        });
    }

    private static Json frame(Group group, @Nullable String itemId, Json value, long timestampMs) {
        return itemId == null
                ? Frames.groupSync(group, value.isNull() ? EMPTY : value, timestampMs)
                : Frames.itemSync(group, itemId, value, timestampMs);
    }

    private static final Json EMPTY = new JsonText().raw("[]").toJson();

    private long stamp(Group group) {
        long nowMs = clock.millis();
        return stamps.updateAndGet(Math.floorMod(group.hashCode(), STAMPS), last -> Math.max(last + 1, nowMs));
    }
}
