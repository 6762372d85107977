/** Who may connect to the stream port, and subscribe to what: as the functions say that are asked. */
@NullMarked
package io.millrace.engine.gate;

import org.jspecify.annotations.NullMarked;
