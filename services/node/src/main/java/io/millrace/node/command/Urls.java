package io.millrace.node.command;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Addresses given on the command line. */
final class Urls {
    private Urls() {}

    /** The address of {@code path} below {@code base}, whose scheme must be this one or its safe form. */
    static URI below(CommandSpec spec, String base, String scheme, String path) {
        String trimmed = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        if (!trimmed.matches(scheme + "s?://[^/?#]+(/[^?#]*)?")) {
            throw new ParameterException(
                    spec.commandLine(), "--url: " + base + " (expected: " + scheme + "://host:port)");
        }
        try {
            return URI.create(trimmed + path);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--url: " + e.getMessage(), e);
        }
    }

    /** One step of a path. */
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%3A", ":");
    }

    static String unreachable(String url, IOException e) {
        String why = e.getMessage();
        return url + " cannot be reached" + (why == null ? "" : " (" + why + ")") + "; is `millrace up` running?";
    }
}
