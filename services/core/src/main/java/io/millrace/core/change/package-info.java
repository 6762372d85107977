/** What was asked (mutation), what was answered (decision) and what became true (change), with its record on the log. */
@NullMarked
package io.millrace.core.change;

import org.jspecify.annotations.NullMarked;
