package io.millrace.node.config;

import java.util.regex.Pattern;

/** What of the configuration is never shown. */
final class Redaction {
    static final String SHOWN = "(secret)";

    private static final Pattern SECRET =
            Pattern.compile("password|secret|jaas|credential|token|keystore\\.key|private");

    private Redaction() {}

    /** What is shown of a setting of that name, ours or Kafka's. */
    static String of(String name, String text) {
        return !text.isEmpty() && SECRET.matcher(name).find() ? SHOWN : text;
    }
}
