package io.millrace.engine.cron;

import io.millrace.core.address.Address;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Current;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import io.millrace.engine.read.Cut;
import io.millrace.engine.read.Reads;
import io.millrace.engine.write.Mutations;
import io.millrace.engine.write.UnavailableException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** State that is set under conditions, at once or when the test lets it. */
final class MemoryState implements Mutations, Reads {
    private final Map<Address, Current.Present> values = new HashMap<>();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private long versions;
    boolean away;
    boolean held;
    int writes;

    @Override
    public CompletionStage<Reply> submit(Mutation mutation, Instant deadline) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        Runnable write = () -> reply.complete(decide(mutation));
        if (held) {
            waiting.add(write);
        } else {
            write.run();
        }
        return reply;
    }

    private Reply decide(Mutation mutation) {
        Current.Present before = values.get(mutation.address());
        Version version = before == null ? Version.NONE : before.version();
        if (!version.equals(mutation.ifVersion())) {
            return new Reply.VersionConflict(version);
        }
        writes++;
        Mutation.Set set = (Mutation.Set) mutation.ask();
        Version next = new Version(++versions);
        values.put(mutation.address(), new Current.Present(set.value(), next));
        return new Reply.Done(before == null ? null : before.value(), set.value(), List.of(), next);
    }

    void release() {
        held = false;
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    @Override
    public CompletionStage<Current> get(Address address, Instant deadline) {
        if (away) {
            return CompletableFuture.failedStage(new UnavailableException("nobody owns it"));
        }
        Current.Present value = values.get(address);
        return CompletableFuture.completedStage(value == null ? Current.MISSING : value);
    }

    @Override
    public CompletionStage<Cut> cut(Unit unit, RecordKey from, @Nullable RecordKey to, Instant deadline) {
        throw new IllegalStateException("cut: unexpected (expected: get)");
    }

    @Override
    public CompletionStage<List<Unit>> units(Space space, Instant deadline) {
        throw new IllegalStateException("units: unexpected (expected: get)");
    }
}
