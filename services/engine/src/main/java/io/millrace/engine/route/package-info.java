/** Which node serves which partition, and asking it: writes, reads and cuts of partitions that are owned elsewhere. */
@NullMarked
package io.millrace.engine.route;

import org.jspecify.annotations.NullMarked;
