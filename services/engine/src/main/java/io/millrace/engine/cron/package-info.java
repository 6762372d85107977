/** Functions that are called by the clock. */
@NullMarked
package io.millrace.engine.cron;

import org.jspecify.annotations.NullMarked;
