/** Ownership: take, fence, catch up, serve, hand over. */
@NullMarked
package io.millrace.engine.own;

import org.jspecify.annotations.NullMarked;
