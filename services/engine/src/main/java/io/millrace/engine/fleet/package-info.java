/** Who else is there: nodes, their lives and deaths. */
@NullMarked
package io.millrace.engine.fleet;

import org.jspecify.annotations.NullMarked;
