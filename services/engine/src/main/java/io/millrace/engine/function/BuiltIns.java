package io.millrace.engine.function;

import io.millrace.core.address.MalformedNameException;
import io.millrace.core.change.MutationId;
import io.millrace.core.update.MalformedOpException;
import io.millrace.engine.port.EventLog;
import io.millrace.engine.read.Reads;
import io.millrace.engine.write.Mutations;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The functions that are always there: {@code state::*} and {@code stream::*}. */
public final class BuiltIns implements Functions {
    private final NavigableMap<String, BuiltIn> functions = new TreeMap<>();
    private final FunctionLimits limits;

    private BuiltIns(List<BuiltIn> functions, FunctionLimits limits) {
        this.limits = limits;
        for (BuiltIn function : functions) {
            this.functions.put(function.id(), function);
        }
    }

    /** The same where all streams are ours. */
    public static BuiltIns functions(
            Mutations mutations,
            Reads reads,
            EventLog events,
            FunctionLimits limits,
            Supplier<MutationId> mutationIds,
            InstantSource clock,
            Executor executor) {
        ProvidedStreams none = new ProvidedStreams(new Invoker(), clock, failure -> {});
        return functions(mutations, reads, events, none, limits, mutationIds, clock, executor);
    }

    /**
     * The fourteen built-in functions.
     *
     * @param provided the streams that others keep
     * @param mutationIds gives the idempotency key of a write whose caller gave none, unique for ever
     * @param clock stamps events that are sent and not stored
     * @param executor walks through snapshots, which may take long and block; a virtual thread for each will do
     */
    public static BuiltIns functions(
            Mutations mutations,
            Reads reads,
            EventLog events,
            ProvidedStreams provided,
            FunctionLimits limits,
            Supplier<MutationId> mutationIds,
            InstantSource clock,
            Executor executor) {
        Writes writes = new Writes(mutations, mutationIds, limits);
        Lists lists = new Lists(reads, executor, limits.maxListBytes());
        Gets gets = new Gets(reads, executor);
        List<BuiltIn> state = new StateFunctions(writes, reads, gets, lists, executor).all();
        List<BuiltIn> stream = new StreamFunctions(
                        writes, reads, gets, lists, new Sends(events, mutations), provided, limits, clock, executor)
                .all();
        return new BuiltIns(Stream.concat(state.stream(), stream.stream()).toList(), limits);
    }

    /** Each of them by itself. */
    public List<LocalFunction> locals() {
        return functions.values().stream()
                .map(function -> new LocalFunction(
                        FunctionDescription.of(function.id(), function.description()),
                        invocation -> call(function, invocation)))
                .toList();
    }

    @Override
    public CompletionStage<Outcome> invoke(Invocation invocation) {
        BuiltIn function = functions.get(invocation.functionId());
        if (function == null) {
            return failed(
                    "function_not_found", "Function " + invocation.functionId() + " not found in namespace default.");
        }
        return call(function, invocation);
    }

    private CompletionStage<Outcome> call(BuiltIn function, Invocation invocation) {
        try {
            return function.call()
                    .on(new Request(function, invocation, limits))
                    .handle((outcome, failure) -> failure == null
                            ? outcome
                            : function.whenStoreFails().because(failure));
        } catch (MalformedRequestException | MalformedOpException | MalformedNameException e) {
            return failed(
                    "deserialization_error",
                    "Failed to deserialize input for " + function.id() + ": " + e.getMessage());
        } catch (RuntimeException e) {
            return CompletableFuture.completedStage(function.whenStoreFails().because(e));
        }
    }

    @Override
    public Collection<String> ids() {
        return Collections.unmodifiableSet(functions.navigableKeySet());
    }

    private static CompletionStage<Outcome> failed(String code, String message) {
        return CompletableFuture.completedStage(new Outcome.Failure(code, message));
    }
}
