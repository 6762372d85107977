package io.millrace.node.config;

import java.util.Locale;

/**
 * One row of the table of settings: all that parsing, checking and documenting it takes.
 *
 * @param name in the file, in lower case with dots and dashes: {@code gateway.ping-interval}
 * @param kind what values it takes, with unit and bounds
 * @param fallback the default, as text
 * @param doc one sentence on what it is for
 */
record Setting<T>(String name, Kind<T> kind, String fallback, String doc) {
    /** The environment variable of the same meaning: {@code MILLRACE_GATEWAY_PING_INTERVAL}. */
    String variable() {
        return variable(name);
    }

    static String variable(String name) {
        return "MILLRACE_" + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
