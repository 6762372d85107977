/** The other nodes of the fleet as they are connected: questions, answers and notices, whatever they are about. */
@NullMarked
package io.millrace.engine.peer;

import org.jspecify.annotations.NullMarked;
