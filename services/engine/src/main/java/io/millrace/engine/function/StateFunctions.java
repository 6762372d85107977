package io.millrace.engine.function;

import io.millrace.core.address.Address;
import io.millrace.core.address.Scope;
import io.millrace.core.address.Space;
import io.millrace.core.address.StateAddress;
import io.millrace.engine.read.Reads;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** {@code state::*}: values by scope and key. */
final class StateFunctions {
    private final Writes writes;
    private final Reads reads;
    private final Gets gets;
    private final Lists lists;
    private final Executor executor;

    StateFunctions(Writes writes, Reads reads, Gets gets, Lists lists, Executor executor) {
        this.writes = writes;
        this.reads = reads;
        this.gets = gets;
        this.lists = lists;
        this.executor = executor;
    }

    List<BuiltIn> all() {
        return List.of(
                new BuiltIn(
                        "state::set",
                        "Set a value in state",
                        new StoreFailure("SET_ERROR", "Failed to set value"),
                        this::set),
                new BuiltIn(
                        "state::get",
                        "Get a value from state",
                        new StoreFailure("GET_ERROR", "Failed to get value"),
                        this::get),
                new BuiltIn(
                        "state::delete",
                        "Delete a value from state",
                        new StoreFailure("DELETE_ERROR", "Failed to delete value"),
                        this::delete),
                new BuiltIn(
                        "state::update",
                        "Update a value in state",
                        new StoreFailure("UPDATE_ERROR", "Failed to update value"),
                        this::update),
                new BuiltIn(
                        "state::list",
                        "Get a group from state",
                        new StoreFailure("LIST_ERROR", "Failed to list values"),
                        this::list),
                new BuiltIn(
                        "state::list_groups",
                        "List all state groups",
                        new StoreFailure("LIST_GROUPS_ERROR", "Failed to list groups"),
                        this::listGroups));
    }

    private CompletionStage<Outcome> set(Request request) {
        return writes.set(request, address(request), request.value("value", "data"));
    }

    private CompletionStage<Outcome> get(Request request) {
        return gets.get(request, address(request));
    }

    private CompletionStage<Outcome> delete(Request request) {
        return writes.delete(request, address(request), Results::deletedBare);
    }

    private CompletionStage<Outcome> update(Request request) {
        return writes.update(request, address(request));
    }

    private CompletionStage<Outcome> list(Request request) {
        return lists.list(request, new Scope(request.name("scope")));
    }

    private CompletionStage<Outcome> listGroups(Request request) {
        return reads.units(Space.STATE, request.deadline()).thenApplyAsync(Results::scopes, executor);
    }

    private static Address address(Request request) {
        return new StateAddress(request.name("scope"), request.name("key"));
    }
}
