/** Functions by id: the built-in ones and how they are invoked. */
@NullMarked
package io.millrace.engine.function;

import org.jspecify.annotations.NullMarked;
