/** The update ops, their errors and the rules of their evaluation. */
@NullMarked
package io.millrace.core.update;

import org.jspecify.annotations.NullMarked;
