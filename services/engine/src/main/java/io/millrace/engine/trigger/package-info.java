/** Triggers: which function is to be called when, and the kinds of triggers there are. */
@NullMarked
package io.millrace.engine.trigger;

import org.jspecify.annotations.NullMarked;
