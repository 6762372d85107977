/** Telemetry of programs: log records for our log and for triggers, and everything for an OTLP endpoint. */
@NullMarked
package io.millrace.web.telemetry;

import org.jspecify.annotations.NullMarked;
