/** Pub/sub: messages to whoever subscribes now, on every node; nothing is kept, nothing is tried again. */
@NullMarked
package io.millrace.engine.pubsub;

import org.jspecify.annotations.NullMarked;
