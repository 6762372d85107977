package io.millrace.engine.feed;

import io.millrace.engine.feed.Mode.Every;
import org.jspecify.annotations.Nullable;

/**
 * On what terms a subscription is made.
 *
 * @param cursors whether its frames tell cursors; then all later frames of its subscriber do
 * @param cursor from where on it wants to go on, as some frame told it; null for a snapshot. One that says nothing to us
 *     is answered with {@code reset} and a snapshot
 */
public record Terms(Mode mode, boolean cursors, @Nullable String cursor) {
    /** Every frame after a snapshot, without cursors. */
    public static final Terms USUAL = new Terms(Every.EVERY, false, null);
}
