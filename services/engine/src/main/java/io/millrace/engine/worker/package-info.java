/** Connected workers: what they register, whom they call, and how they are called. */
@NullMarked
package io.millrace.engine.worker;

import org.jspecify.annotations.NullMarked;
