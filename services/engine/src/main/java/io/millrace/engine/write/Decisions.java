package io.millrace.engine.write;

import io.millrace.core.address.RecordKey;
import io.millrace.core.change.Current;
import io.millrace.core.change.Decider;
import io.millrace.core.change.Decision;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.Reply;
import io.millrace.core.value.UnreadableTextException;
import io.millrace.engine.port.StoreClosedException;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** Decides waiting mutations, each upon what those before it came to. Only for the writer's thread. */
final class Decisions {
    private final String partition;
    private final CommittedState committed;
    private final WriterConfig config;
    private final Decider decider;
    private final Consumer<Throwable> failures;

    Decisions(String partition, CommittedState committed, WriterConfig config, Consumer<Throwable> failures) {
        this.partition = partition;
        this.committed = committed;
        this.config = config;
        this.decider = new Decider(config.maxValueBytes());
        this.failures = failures;
    }

    /** Takes from the front of those that wait as many as fit in one transaction. If this fails, all still wait. */
    Batch batch(ArrayDeque<Pending> waiting, long nowMicros) {
        Batch batch = new Batch();
        Pending pending = waiting.peekFirst();
        while (pending != null
                && batch.decided().size() < config.batchMaxMutations()
                && batch.bytes() < config.batchMaxBytes()) {
            try {
                decide(batch, pending, nowMicros);
            } catch (UnreadableTextException | StoreClosedException e) {
                batch.putBack(waiting);
                throw e;
            } catch (RuntimeException | StackOverflowError e) {
                failures.accept(e);
                pending.caller().failed(e);
            }
            waiting.removeFirst();
            pending = waiting.peekFirst();
        }
        return batch;
    }

    private void decide(Batch batch, Pending pending, long nowMicros) {
        Mutation mutation = pending.mutation();
        Reply inBatch = batch.reply(mutation.id());
        Reply known = inBatch == null ? committed.repeated(mutation.id()) : inBatch;
        if (known != null) {
            batch.answers(pending, known, WriteEvents.Answer.REPEATED);
            return;
        }
        if (pending.deadlineMicros() < nowMicros) {
            pending.caller()
                    .failed(new UnavailableException(
                            partition + " was too busy until the deadline; nothing was written"));
            return;
        }
        RecordKey key = pending.key();
        Current uncommitted = batch.result(key);
        Current current = uncommitted == null ? committed.current(key) : uncommitted;
        Decision decision = decider.decide(mutation, current, committed.clock(), nowMicros);
        if (decision.change() == null) {
            batch.answers(pending, decision.reply(), answer(decision.reply()));
        } else {
            batch.changes(pending, decision.change(), decision.reply());
        }
    }

    private static WriteEvents.Answer answer(Reply reply) {
        return switch (reply) {
            case Reply.Done ignored -> WriteEvents.Answer.UNCHANGED;
            case Reply.VersionConflict ignored -> WriteEvents.Answer.CONFLICT;
            case Reply.ValueTooLarge ignored -> WriteEvents.Answer.TOO_LARGE;
        };
    }
}
