package io.millrace.engine.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.change.MutationId;
import io.millrace.core.value.JsonReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls the built-in functions over an {@link InMemoryStore}. Fields of payloads may be in single quotes. */
final class Caller {
    static final FunctionLimits LIMITS = new FunctionLimits(1_000, 8, 64, 10, 10_000);
    static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    final InMemoryStore store;
    final Functions functions;

    Caller() {
        this(LIMITS, Runnable::run);
    }

    Caller(FunctionLimits limits, Executor executor) {
        store = new InMemoryStore(limits.maxValueBytes());
        AtomicInteger ids = new AtomicInteger();
        functions = BuiltIns.functions(
                store,
                store,
                store,
                limits,
                () -> new MutationId("generated-" + ids.incrementAndGet()),
                InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_123L)),
                executor);
    }

    CompletionStage<Outcome> start(String id, String payload) {
        byte[] utf8 = payload.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return functions.invoke(new Invocation(
                id,
                new JsonReader(1_000).json(utf8),
                Instant.ofEpochSecond(2_000_000_000),
                Invocation.Context.traced(TRACE)));
    }

    Outcome call(String id, String payload) {
        CompletionStage<Outcome> stage = start(id, payload);
        assertThat(stage).isCompleted();
        return stage.toCompletableFuture().join();
    }

    /** The text of the result, or {@code none}. */
    String result(String id, String payload) {
        return switch (call(id, payload)) {
            case Outcome.Result result -> result.value().toString();
            case Outcome.NoResult ignored -> "none";
            case Outcome.Failure failure -> throw new AssertionError(failure.toString());
        };
    }

    Outcome.Failure failure(String id, String payload) {
        Outcome outcome = call(id, payload);
        assertThat(outcome).isInstanceOf(Outcome.Failure.class);
        return (Outcome.Failure) outcome;
    }
}
