/** The partition writer: decide, append, commit, acknowledge. */
@NullMarked
package io.millrace.engine.write;

import org.jspecify.annotations.NullMarked;
