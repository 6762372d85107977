/** A node from start to stop: what it is put together from, in which order, and how it ends. */
@NullMarked
package io.millrace.node.run;

import org.jspecify.annotations.NullMarked;
