/** Channels: one writes, one reads, in order, at whichever nodes the two are connected. */
@NullMarked
package io.millrace.engine.channel;

import org.jspecify.annotations.NullMarked;
