/** The worker port: workers connect to {@code /}, their telemetry to {@code /otel}, channels to {@code /ws/channels/{id}}. */
@NullMarked
package io.millrace.web.worker;

import org.jspecify.annotations.NullMarked;
