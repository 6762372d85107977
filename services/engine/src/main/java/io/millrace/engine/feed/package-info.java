/**
 * Subscriptions: an exact snapshot, then everything after it, without gap or duplicate. {@link
 * io.millrace.engine.feed.Feeds} is the door.
 */
@NullMarked
package io.millrace.engine.feed;

import org.jspecify.annotations.NullMarked;
