package io.millrace.engine.function;

import io.millrace.core.address.Group;
import io.millrace.core.address.Space;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.change.Frames;
import io.millrace.core.value.Json;
import io.millrace.engine.read.Reads;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** {@code stream::*}: items by stream, group and id, and events that nobody keeps. */
final class StreamFunctions {
    private final Writes writes;
    private final Reads reads;
    private final Gets gets;
    private final Lists lists;
    private final Sends events;
    private final ProvidedStreams provided;
    private final FunctionLimits limits;
    private final InstantSource clock;
    private final Executor executor;

    StreamFunctions(
            Writes writes,
            Reads reads,
            Gets gets,
            Lists lists,
            Sends events,
            ProvidedStreams provided,
            FunctionLimits limits,
            InstantSource clock,
            Executor executor) {
        this.writes = writes;
        this.reads = reads;
        this.gets = gets;
        this.lists = lists;
        this.events = events;
        this.provided = provided;
        this.limits = limits;
        this.clock = clock;
        this.executor = executor;
    }

    List<BuiltIn> all() {
        return List.of(
                new BuiltIn(
                        "stream::set",
                        "Set a value in a stream",
                        new StoreFailure("STREAM_SET_ERROR", "Failed to set value"),
                        this::set),
                new BuiltIn(
                        "stream::get",
                        "Get a value from a stream",
                        new StoreFailure("STREAM_GET_ERROR", "Failed to get value"),
                        this::get),
                new BuiltIn(
                        "stream::delete",
                        "Delete a value from a stream",
                        new StoreFailure("STREAM_DELETE_ERROR", "Failed to delete value"),
                        this::delete),
                new BuiltIn(
                        "stream::update",
                        "Atomically update a stream value with multiple operations",
                        new StoreFailure("STREAM_UPDATE_ERROR", "Failed to update value"),
                        this::update),
                new BuiltIn(
                        "stream::send",
                        "Send a custom event to stream subscribers",
                        new StoreFailure("STREAM_SEND_ERROR", "Failed to send event"),
                        this::send),
                new BuiltIn(
                        "stream::list",
                        "List all items in a stream group",
                        new StoreFailure("STREAM_GET_GROUP_ERROR", "Failed to get group"),
                        this::list),
                new BuiltIn(
                        "stream::list_groups",
                        "List all groups in a stream",
                        new StoreFailure("STREAM_LIST_GROUPS_ERROR", "Failed to list groups"),
                        this::listGroups),
                new BuiltIn(
                        "stream::list_all",
                        "List all available stream with metadata",
                        new StoreFailure("STREAM_LIST_ALL_ERROR", "Failed to list stream"),
                        this::listAll));
    }

    private CompletionStage<Outcome> set(Request request) {
        StreamAddress address = address(request);
        Json value = request.value("data");
        String provider = provided.provider("set", address.streamName());
        if (provider == null) {
            return writes.set(request, address, value);
        }
        return value.sizeBytes() > limits.maxValueBytes()
                ? CompletableFuture.completedStage(Writes.tooLarge(value.sizeBytes(), limits.maxValueBytes()))
                : provided.write(provider, request, address, events);
    }

    private CompletionStage<Outcome> get(Request request) {
        StreamAddress address = address(request);
        String provider = provided.provider("get", address.streamName());
        return provider == null ? gets.get(request, address) : provided.read(provider, request);
    }

    private CompletionStage<Outcome> delete(Request request) {
        StreamAddress address = address(request);
        String provider = provided.provider("delete", address.streamName());
        return provider == null
                ? writes.delete(request, address, Results::deleted)
                : provided.delete(provider, request, address, events);
    }

    private CompletionStage<Outcome> update(Request request) {
        StreamAddress address = address(request);
        String provider = provided.provider("update", address.streamName());
        if (provider == null) {
            return writes.update(request, address);
        }
        var _ = request.ops(); // refuses what are none
        return provided.write(provider, request, address, events);
    }

    private CompletionStage<Outcome> send(Request request) {
        Group group = group(request);
        String type = request.name("type", "event_type");
        Json value = request.value("data");
        String id = request.optionalName("id");
        if (value.sizeBytes() > limits.maxValueBytes()) {
            return CompletableFuture.completedStage(Writes.tooLarge(value.sizeBytes(), limits.maxValueBytes()));
        }
        Json frame = Frames.event(group, id, type, value, clock.millis());
        return events.send(group, frame, request.traceParent()).thenApply(ignored -> new Outcome.Result(Json.NULL));
    }

    private CompletionStage<Outcome> list(Request request) {
        Group group = group(request);
        String provider = provided.provider("list", group.streamName());
        return provider == null ? lists.list(request, group) : provided.read(provider, request);
    }

    private CompletionStage<Outcome> listGroups(Request request) {
        String streamName = request.name("stream_name");
        String provider = provided.provider("list_groups", streamName);
        if (provider != null) {
            return provided.read(provider, request);
        }
        return reads.units(Space.STREAM, request.deadline())
                .thenApplyAsync(units -> Results.groups(units, streamName), executor);
    }

    private CompletionStage<Outcome> listAll(Request request) {
        return reads.units(Space.STREAM, request.deadline()).thenApplyAsync(Results::streams, executor);
    }

    private static Group group(Request request) {
        return new Group(request.name("stream_name"), request.name("group_id"));
    }

    private static StreamAddress address(Request request) {
        return new StreamAddress(request.name("stream_name"), request.name("group_id"), request.name("item_id"));
    }
}
