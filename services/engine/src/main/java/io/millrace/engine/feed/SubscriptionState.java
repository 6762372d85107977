package io.millrace.engine.feed;

import io.millrace.engine.port.Mark;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The life of a subscription; it may leave from anywhere.
 *
 * <pre>
 *     --without a cursor--> Loading --snapshot--> Joining --all found--> Live
 *                              ^                     |                    |
 *     --with a cursor----------+-----> Joining ------'                    | no room, or its interval
 *                              |                                          v
 *                              `--gone-- Fetching <--room, or time-- Behind, Pausing
 *                                           `--all found--> Live
 * </pre>
 */
sealed interface SubscriptionState {
    /**
     * A snapshot has been asked for.
     *
     * @param entered how far all had been told when it began; null if nobody knew then
     */
    record Loading(@Nullable Mark entered, Seen seen) implements SubscriptionState {}

    /**
     * What comes after its snapshot, or its cursor, has been asked for.
     *
     * @param sync the snapshot, to be sent first; null for a cursor
     */
    record Joining(Mark from, @Nullable Snapshot sync, Seen seen) implements SubscriptionState {}

    /** Everything follows at once. */
    enum Live implements SubscriptionState {
        /** The only one. */
        LIVE
    }

    /** It has got so far, and there is no room for more. */
    record Behind(Mark from) implements SubscriptionState {}

    /** It has got so far, and wants no more yet. */
    record Pausing(Mark from) implements SubscriptionState {}

    /** It has got so far, and what it lacks has been asked for. */
    record Fetching(Mark from) implements SubscriptionState {}

    /** Nothing comes any more. */
    enum Left implements SubscriptionState {
        /** The only one. */
        LEFT
    }

    /** Events that another subscription of the same subscriber has brought meanwhile: they do not come again. */
    final class Seen {
        /** An owner that is away for long should not cost memory; beyond it some come again. */
        private static final int MOST = 10_000;

        private @Nullable Set<Long> offsets;

        void add(Delivery event) {
            Set<Long> known = offsets;
            if (known == null) {
                known = new HashSet<>();
                offsets = known;
            }
            if (known.size() < MOST) {
                known.add(event.offset());
            }
        }

        boolean has(Delivery delivery) {
            return delivery.isEvent() && offsets != null && offsets.contains(delivery.offset());
        }
    }
}
