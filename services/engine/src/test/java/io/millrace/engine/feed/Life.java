package io.millrace.engine.feed;

import org.jspecify.annotations.Nullable;

/** A wish of a client through all its connections. */
final class Life {
    final Wish wish;
    final Ledger ledger;
    private final Mode mode;
    private final boolean cursors;
    private final int partition;
    State state = State.OUT;

    /** Whether the client is subscribed. */
    enum State {
        /** It is not, and nothing is on its way. */
        OUT,
        /** It is, or will be once its lane gets to it. */
        IN,
        /** It will not be, once its lane gets to it. */
        LEAVING,
        /** It is not; something may be on its way. */
        LEFT
    }

    Life(World world, FeedsConfig config, Wish wish, Mode mode, boolean cursors) {
        this.wish = wish;
        this.mode = mode;
        this.cursors = cursors;
        this.partition = wish.group().partition(world.partitions.size());
        Account account = switch (mode) {
            case Mode.Every ignored -> new EveryFrame(wish);
            case Mode.Latest ignored -> new NewestFrames(wish);
        };
        this.ledger = new Ledger(world, config, wish, cursors, account);
    }

    int partition() {
        return partition;
    }

    Terms terms(@Nullable String cursor) {
        return new Terms(mode, cursors, cursor);
    }
}
