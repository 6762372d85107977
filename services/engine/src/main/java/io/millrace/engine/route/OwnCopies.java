package io.millrace.engine.route;

import io.millrace.core.address.Space;
import io.millrace.core.change.Position;
import io.millrace.core.change.Version;
import io.millrace.engine.port.MicroClock;
import io.millrace.engine.port.Replicas;
import io.millrace.engine.port.StateStore;
import io.millrace.engine.port.StoreClosedException;
import io.millrace.engine.read.Cut;
import io.millrace.engine.read.Sighting;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The copies of this node, as far as they can be read. */
final class OwnCopies {
    private final Replicas replicas;
    private final MicroClock clock;

    OwnCopies(Replicas replicas, MicroClock clock) {
        this.replicas = replicas;
        this.clock = clock;
    }

    /**
     * How far a copy is.
     *
     * @param offset everything at or before it is included
     * @param ageMs how long ago it lacked nothing, at most; null if that is not known
     */
    record Standing(long offset, @Nullable Long ageMs) {}

    @Nullable
    Standing standing(Space space, int partition) {
        Replicas.Replica replica = replicas.replica(space, partition);
        return replica == null ? null : standing(replica);
    }

    private @Nullable Standing standing(Replicas.Replica replica) {
        long offset = replica.store().appliedOffset();
        Long ageMs = replica.currentMs() == 0 ? null : Math.max(0, clock.millis() - replica.currentMs());
        return offset < 0 ? null : new Standing(offset, ageMs);
    }

    /** A snapshot of a copy; null if there is none. */
    @Nullable
    Sighting cut(Range range) {
        Replicas.Replica replica = replicas.replica(range.space(), range.partition());
        // How far it is before it is read: what is read includes that at least.
        Standing standing = replica == null ? null : standing(replica);
        if (replica == null || standing == null) {
            return null;
        }
        StateStore.Rows rows;
        try {
            rows = replica.store().scan(range.from(), range.to());
        } catch (StoreClosedException e) {
            return null;
        }
        Position position = new Position(range.space(), range.partition(), standing.offset());
        return new Sighting(new Cut(position, Version.NONE, new TreeMap<>(), rows), true, standing.ageMs());
    }
}
