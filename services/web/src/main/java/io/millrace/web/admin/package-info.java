/** The admin port: functions by HTTP, health and metrics. {@link io.millrace.web.admin.AdminServer} is the door. */
@NullMarked
package io.millrace.web.admin;

import org.jspecify.annotations.NullMarked;
