/** Cron expressions, read by a library. */
@NullMarked
package io.millrace.node.cron;

import org.jspecify.annotations.NullMarked;
