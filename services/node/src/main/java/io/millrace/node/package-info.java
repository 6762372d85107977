/** The process: where everything is put together, started and stopped. */
@NullMarked
package io.millrace.node;

import org.jspecify.annotations.NullMarked;
