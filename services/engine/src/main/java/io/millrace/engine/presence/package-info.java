/** Who is subscribed to what now, and the leaves of those whose node has died. */
@NullMarked
package io.millrace.engine.presence;

import org.jspecify.annotations.NullMarked;
