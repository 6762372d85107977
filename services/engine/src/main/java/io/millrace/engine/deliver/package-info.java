/** Delivery of what consumer groups read: at least once, per key in order, with retries and dead letters. */
@NullMarked
package io.millrace.engine.deliver;

import org.jspecify.annotations.NullMarked;
