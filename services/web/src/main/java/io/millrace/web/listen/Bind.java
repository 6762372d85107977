package io.millrace.web.listen;

/**
 * Where to listen.
 *
 * @param host an address of this machine, for instance {@code 127.0.0.1}, or {@code 0.0.0.0} for all of them
 * @param port 0 for any free one
 * @param key the setting that holds the port, for messages
 */
public record Bind(String host, int port, String key) {
    /** Checks the port. */
    public Bind {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(key + ": " + port + " (expected: 0 to 65535)");
        }
    }
}
