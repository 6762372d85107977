package io.millrace.web.admin;

import io.millrace.core.value.Json;

/**
 * How a node is.
 *
 * @param good whether to answer 200, else 503
 * @param details a JSON object for people and probes
 */
public record Condition(boolean good, Json details) {}
