/** Durable queues and durable topics: every message is handled at least once or goes to the dead letters, and back. */
@NullMarked
package io.millrace.engine.queue;

import org.jspecify.annotations.NullMarked;
