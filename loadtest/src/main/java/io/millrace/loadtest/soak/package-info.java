/** Thousands of live sockets on one node: whether each sees all there was, once and in order, and what a socket costs. */
@NullMarked
package io.millrace.loadtest.soak;

import org.jspecify.annotations.NullMarked;
