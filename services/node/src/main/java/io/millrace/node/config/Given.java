package io.millrace.node.config;

/**
 * The text given for a setting.
 *
 * @param origin where it was given: {@code millrace.yaml line 3}, {@code MILLRACE_ADMIN_PORT}, {@code command line}
 */
record Given(String name, String text, String origin) {}
