package io.millrace.engine.feed;

import java.util.ArrayList;
import java.util.List;

/**
 * The life of a subscription.
 *
 * <pre>
 * Loading --snapshot--> Live --leave--> Left
 *    |  `--overflow--> Loading            ^
 *    `---------------leave----------------'
 * </pre>
 */
sealed interface SubscriptionState {
    /** A snapshot has been asked for; what is told meanwhile waits in {@code held}. */
    record Loading(Held held) implements SubscriptionState {
        Loading() {
            this(new Held());
        }

        /** The snapshot as of {@code position} is out, and so is what was held. */
        Live synced(long position) {
            return new Live(position);
        }

        /** Too much was held: changes are given up, as another snapshot will include them. Events are in none. */
        Loading overflown() {
            Loading emptier = new Loading();
            for (Delivery delivery : held.deliveries()) {
                if (delivery.isEvent()) {
                    emptier.held.add(delivery);
                }
            }
            return emptier;
        }

        Left left() {
            return Left.LEFT;
        }
    }

    /** Everything after the snapshot as of {@code position} follows at once. */
    record Live(long position) implements SubscriptionState {
        Left left() {
            return Left.LEFT;
        }
    }

    /** Nothing comes any more. */
    enum Left implements SubscriptionState {
        /** The only one. */
        LEFT
    }

    /** What was told since the snapshot was asked for, in order. */
    final class Held {
        private final List<Delivery> deliveries = new ArrayList<>(0);
        private long bytes;

        void add(Delivery delivery) {
            deliveries.add(delivery);
            bytes += delivery.wire().length;
        }

        void remove(Delivery delivery) {
            if (deliveries.remove(delivery)) {
                bytes -= delivery.wire().length;
            }
        }

        List<Delivery> deliveries() {
            return deliveries;
        }

        long bytes() {
            return bytes;
        }
    }
}
