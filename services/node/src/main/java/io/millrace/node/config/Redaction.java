package io.millrace.node.config;

import java.util.regex.Pattern;

/** What of the configuration is never shown. */
final class Redaction {
    static final String SHOWN = "(secret)";

    private static final Pattern SECRET =
            Pattern.compile("password|secret|jaas|credential|token|keystore\\.key|private");

    private Redaction() {}

    static String ofClient(String name, String text) {
        return SECRET.matcher(name).find() ? SHOWN : text;
    }
}
