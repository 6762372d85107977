package io.millrace.kafka;

import io.millrace.core.address.Space;
import io.millrace.engine.port.Assignment;
import io.millrace.engine.port.StateStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/** How far each copy on this node has got, whether it is owned, restored or standing by, as Streams tells. */
final class CopyPlaces implements StandbyUpdateListener, StateRestoreListener {
    private final Names names;
    private final Map<TopicPartition, CopyPlace> places = new ConcurrentHashMap<>();

    CopyPlaces(Names names) {
        this.names = names;
    }

    TopicPartition at(Space space, int partition) {
        return new TopicPartition(names.changes(space), partition);
    }

    @Nullable
    CopyPlace place(TopicPartition at) {
        return places.get(at);
    }

    /** As they are now. */
    Map<TopicPartition, CopyPlace> all() {
        return Map.copyOf(places);
    }

    private CopyPlace have(TopicPartition at) {
        return places.computeIfAbsent(at, unknown -> new CopyPlace());
    }

    /** Tells {@code assignment} what it is told, and notes which copies are filled by their owner. */
    Assignment watching(Assignment assignment) {
        return new Assignment() {
            @Override
            public void assigned(Space space, int partition, StateStore store) {
                if (store instanceof StoreCopy copy) {
                    have(at(space, partition)).owned(copy);
                }
                assignment.assigned(space, partition, store);
            }

            @Override
            public void revoked(Space space, int partition, StateStore store) {
                // If it goes on as a standby, it says again where it begins.
                places.remove(at(space, partition));
                assignment.revoked(space, partition, store);
            }
        };
    }

    @Override
    public void onUpdateStart(TopicPartition at, String store, long next) {
        have(at).begins(next);
    }

    @Override
    public void onBatchLoaded(TopicPartition at, String store, TaskId task, long offset, long records, long end) {
        have(at).filled(offset);
    }

    @Override
    public void onUpdateSuspended(TopicPartition at, String store, long offset, long end, SuspendReason reason) {
        if (reason != SuspendReason.PROMOTED) {
            places.remove(at);
        }
    }

    @Override
    public void onRestoreStart(TopicPartition at, String store, long next, long end) {
        have(at).begins(next);
    }

    @Override
    public void onBatchRestored(TopicPartition at, String store, long offset, long records) {
        have(at).filled(offset);
    }

    @Override
    public void onRestoreEnd(TopicPartition at, String store, long records) {}
}
