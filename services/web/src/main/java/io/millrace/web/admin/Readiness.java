package io.millrace.web.admin;

import io.millrace.core.value.Json;

/**
 * Whether this node can serve.
 *
 * @param description an object that says what is there and what is missing
 */
public record Readiness(boolean ready, Json description) {}
