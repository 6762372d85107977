/** What programs see of the engine itself: the {@code engine::*} functions, and triggers on what happens in it. */
@NullMarked
package io.millrace.engine.surface;

import org.jspecify.annotations.NullMarked;
