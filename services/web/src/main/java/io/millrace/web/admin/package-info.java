/** The admin API: functions by HTTP, health and metrics. */
@NullMarked
package io.millrace.web.admin;

import org.jspecify.annotations.NullMarked;
