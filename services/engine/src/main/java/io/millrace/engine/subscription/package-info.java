/** State and stream triggers: durable ones as consumer groups, live ones from the ends of the topics. */
@NullMarked
package io.millrace.engine.subscription;

import org.jspecify.annotations.NullMarked;
