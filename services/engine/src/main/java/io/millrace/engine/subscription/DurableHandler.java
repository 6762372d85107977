package io.millrace.engine.subscription;

import io.millrace.engine.deliver.Handler;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Received;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a durable trigger's group reads, handed to its function. */
final class DurableHandler implements Handler {
    private final Supplier<Wish> wish;
    private final Caller caller;

    /** With the wish as it is whenever a record comes. */
    DurableHandler(Supplier<Wish> wish, Caller caller) {
        this.wish = wish;
        this.caller = caller;
    }

    @Override
    public boolean wants(Received record) {
        return record.value() != null && wish.get().filter().matches(record);
    }

    @Override
    public @Nullable Object orderKey(Received record) {
        return record.key();
    }

    @Override
    public String functionId(Received record) {
        return wish.get().binding().functionId();
    }

    @Override
    public CompletionStage<Outcome> handle(Received record, int attempt) {
        return caller.call(wish.get(), record);
    }

    /** While nobody serves the function, or its worker is full, it has not been tried at all. */
    @Override
    public boolean counts(Received record, Outcome.Failure failure) {
        boolean full = failure.retriable() && failure.code().equals("worker_overloaded");
        return !full && caller.isThere(wish.get());
    }
}
