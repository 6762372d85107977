/** Where values live: addresses, their units of order, the canonical key bytes and their placement in partitions. */
@NullMarked
package io.millrace.core.address;

import org.jspecify.annotations.NullMarked;
