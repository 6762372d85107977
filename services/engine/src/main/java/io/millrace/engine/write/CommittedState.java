package io.millrace.engine.write;

import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.change.Change;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.Current;
import io.millrace.core.change.Frames;
import io.millrace.core.change.MutationId;
import io.millrace.core.change.Position;
import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import io.millrace.core.change.VersionClock;
import io.millrace.core.value.Json;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.StateStore;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * What is committed in one partition, as its owner knows it: the overlay over the store, the remembered mutation ids, the
 * clock and the position. Changed only by the writer's thread, and only by what the log holds.
 */
final class CommittedState implements CommittedView {
    private final Space space;
    private final int partition;
    private final StateStore store;
    private final Overlay overlay;
    private final DedupeWindow window;
    private final VersionClock clock = new VersionClock();
    private volatile long offset = -1;

    CommittedState(Space space, int partition, StateStore store, WriterConfig config) {
        this.space = space;
        this.partition = partition;
        this.store = store;
        this.overlay = new Overlay(config.overlayKeptBytes());
        this.window = new DedupeWindow(config);
    }

    /** What an address holds. From any thread. */
    Current current(RecordKey key) {
        // The overlay first: an entry leaves it only after the store has the write.
        Current newer = overlay.get(key);
        if (newer != null) {
            return newer;
        }
        Json frame = store.get(key);
        return frame == null ? Current.MISSING : Frames.current(space, frame.utf8());
    }

    Reply.@Nullable Done repeated(MutationId id) {
        return window.find(id);
    }

    VersionClock clock() {
        return clock;
    }

    /** Takes in what has just been committed. Says how many mutation ids had to be forgotten early. */
    int committed(Batch batch, PartitionLog.Offsets offsets, long nowMs) {
        for (Batch.Decided decided : batch.decided()) {
            Change change = decided.change();
            ChangeRecord record = decided.record();
            if (change == null || record == null) {
                continue;
            }
            int last = decided.recordIndex() + (change.kind() == Change.Kind.DELETED ? 1 : 0);
            overlay.put(record.key(), change.current(), offsets.at(last));
            window.remember(change.mutationId(), change.reply(), nowMs);
        }
        offset = offsets.at(batch.records().size() - 1);
        return window.trim(nowMs);
    }

    /** Forgets what the log is about to tell again. The clock goes on: versions never go back. */
    void beforeReplay() {
        window.clear();
    }

    /** Takes in one committed record of the tail, in order. */
    void replayed(ChangeRecord record, long nowMs) {
        if (record.isTombstone()) {
            return;
        }
        Change change = record.change();
        clock.observe(change.version());
        window.remember(change.mutationId(), change.reply(), change.version().timestampMs());
        window.trim(nowMs);
    }

    /** Everything up to the barrier is in the store now, also what another owner wrote in the meantime. */
    void caughtUp(long barrierOffset, long nowMicros) {
        offset = barrierOffset;
        clock.observe(new Version(nowMicros));
        overlay.clear();
    }

    /** Takes notice of what the store has. */
    void prune() {
        overlay.prune(store.appliedOffset());
    }

    boolean isMaterialised() {
        return overlay.isConfirmed();
    }

    int overlaySize() {
        return overlay.unconfirmed();
    }

    int remembered() {
        return window.size();
    }

    @Override
    public Position position() {
        return new Position(space, partition, offset);
    }

    @Override
    public Version version() {
        return clock.seal();
    }

    @Override
    public NavigableMap<RecordKey, Current> overlay(RecordKey from, @Nullable RecordKey to) {
        return overlay.copy(from, to);
    }

    @Override
    public StateStore store() {
        return store;
    }
}
