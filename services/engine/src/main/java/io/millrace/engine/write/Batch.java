package io.millrace.engine.write;

import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.change.Change;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.Current;
import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import io.millrace.engine.port.Lease;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The mutations of one transaction, decided one upon the other. Nobody is answered before it is committed, not even who
 * was refused: the refusal may rest on a result that never becomes true.
 */
final class Batch {
    private final List<Decided> decided = new ArrayList<>();
    private final List<ChangeRecord> records = new ArrayList<>();
    private final Map<RecordKey, Current> results = new HashMap<>();
    private final Map<MutationId, Reply> replies = new HashMap<>();
    /** How many of those decided are in the maps: the last one only when somebody asks, perhaps never. */
    private int indexed;

    private long bytes;

    /** What an address holds once this is committed; null if this does not touch it. */
    @Nullable
    Current result(RecordKey key) {
        index();
        return results.isEmpty() ? null : results.get(key);
    }

    /** What the mutation under this id, decided earlier in this batch, will be answered. */
    @Nullable
    Reply reply(MutationId id) {
        index();
        return replies.isEmpty() ? null : replies.get(id);
    }

    private void index() {
        for (; indexed < decided.size(); indexed++) {
            Decided last = decided.get(indexed);
            Change change = last.change();
            if (change != null) {
                results.put(last.pending().key(), change.current());
                replies.put(change.mutationId(), last.reply());
            }
        }
    }

    void changes(Pending pending, Change change, Reply reply) {
        ChangeRecord record = ChangeRecord.of(change, pending.key());
        decided.add(new Decided(pending, reply, WriteEvents.Answer.CHANGED, change, record, records.size()));
        add(record);
        if (change.kind() == Change.Kind.DELETED) {
            add(ChangeRecord.tombstone(pending.key()));
        }
    }

    void answers(Pending pending, Reply reply, WriteEvents.Answer answer) {
        decided.add(new Decided(pending, reply, answer, null, null, -1));
    }

    /** Returns the mutations to the front of those that wait, in their order. */
    void putBack(ArrayDeque<Pending> waiting) {
        for (int i = decided.size() - 1; i >= 0; i--) {
            waiting.addFirst(decided.get(i).pending());
        }
    }

    /** Tells everybody, once this is committed or nothing of it needs to be. */
    void answer(Space space, WriteEvents events) {
        for (Decided each : decided) {
            events.answered(space, each.answer());
            each.pending().caller().answered(each.reply());
        }
    }

    /** The same for a batch that changes nothing: what it says is only so if nobody else can own the partition yet. */
    void answerOrRefuse(Space space, WriteEvents events, Lease lease, Supplier<UnavailableException> unsure) {
        if (lease.held()) {
            answer(space, events);
        } else {
            UnavailableException cause = unsure.get();
            decided.forEach(each -> each.pending().caller().failed(cause));
        }
    }

    private void add(ChangeRecord record) {
        records.add(record);
        bytes += record.sizeBytes();
    }

    List<Decided> decided() {
        return decided;
    }

    List<ChangeRecord> records() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    /**
     * One mutation of a batch.
     *
     * @param change null if nothing changes; then so is the record, and the index -1
     * @param recordIndex of the change's (first) record in the batch
     */
    record Decided(
            Pending pending,
            Reply reply,
            WriteEvents.Answer answer,
            @Nullable Change change,
            @Nullable ChangeRecord record,
            int recordIndex) {}
}
