/** What the engine needs from outside. The Javadoc of a port is its contract. */
@NullMarked
package io.millrace.engine.port;

import org.jspecify.annotations.NullMarked;
