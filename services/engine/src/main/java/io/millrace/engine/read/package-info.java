/** Cuts, get and list at the owner. */
@NullMarked
package io.millrace.engine.read;

import org.jspecify.annotations.NullMarked;
