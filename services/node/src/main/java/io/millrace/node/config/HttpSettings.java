package io.millrace.node.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings of the http triggers' port. */
final class HttpSettings {
    static final Setting<String> HOST = new Setting<>(
            "http.host",
            Kinds.host(),
            "0.0.0.0",
            "Where the http triggers' port listens; 0.0.0.0 is every network of this machine.");
    static final Setting<Integer> PORT =
            new Setting<>("http.port", Kinds.port(), "3111", "The port whose requests call functions.");
    static final Setting<Duration> TIMEOUT = new Setting<>(
            "http.timeout",
            Kinds.span("10ms", "1h"),
            "30s",
            "How long a request may take until its answer begins; then it is answered with 504. Waiting for its turn does not count.");
    static final Setting<Integer> MAX_REQUESTS = new Setting<>(
            "http.max-requests",
            Kinds.whole(1, 100_000),
            "1024",
            "How many requests of one route are worked on at a time; as many again wait for their turn, further ones are answered with 503.");
    static final Setting<Long> MAX_BODY = new Setting<>(
            "http.max-body",
            Kinds.size("1KiB", "64MiB"),
            "4MiB",
            "The largest JSON body of a request, which is read as a whole; beyond it, 413.");
    static final Setting<Long> BODY_MEMORY = new Setting<>(
            "http.body-memory",
            Kinds.size("64MiB", "64GiB"),
            "256MiB",
            "The most bytes of JSON bodies that are kept at a time, all requests together; beyond it, 503.");
    static final Setting<Long> MAX_UPLOAD = new Setting<>(
            "http.max-upload",
            Kinds.size("1KiB", "64GiB"),
            "1GiB",
            "The largest body of any other kind, which the function reads as it comes; beyond it, 413.");
    static final Setting<List<String>> CORS_ORIGINS = new Setting<>(
            "http.cors-origins",
            Kinds.list(Kinds.text("* or an origin such as https://example.com", "\\*|[a-z][a-z0-9+.-]*://[^/,\\s]+")),
            "",
            "Web sites whose pages may read answers; none given: all of them.");
    static final Setting<List<String>> CORS_METHODS = new Setting<>(
            "http.cors-methods",
            Kinds.list(Kinds.text("* or a method such as GET", "\\*|[A-Z]{1,20}")),
            "",
            "The methods that pages of other web sites may use; none given: all of them.");
    static final Setting<List<String>> MIDDLEWARE = new Setting<>(
            "http.middleware",
            Kinds.list(Kinds.text("a function's id, or id:priority such as auth::check:10", "[^,\\s]{1,300}")),
            "",
            "Functions that see every request before its own function and may answer in its place; the lowest priority first, 0 unless given.");
    static final Setting<Boolean> BODY_AT_TOP_LEVEL = new Setting<>(
            "http.body-at-top-level",
            Kinds.flag(),
            "false",
            "Whether the fields of a JSON object in the body also stand in the payload itself, where it has none of that name.");

    private static final Pattern WITH_PRIORITY = Pattern.compile("(.*[^:]):(-?[0-9]{1,9})");

    private HttpSettings() {}

    static NodeConfig.Http of(Values values) {
        return new NodeConfig.Http(
                values.get(HOST),
                values.get(PORT),
                values.get(TIMEOUT),
                values.get(MAX_REQUESTS),
                Math.toIntExact(values.get(MAX_BODY)),
                values.get(BODY_MEMORY),
                values.get(MAX_UPLOAD),
                values.get(CORS_ORIGINS),
                values.get(CORS_METHODS),
                middleware(values.get(MIDDLEWARE)),
                values.get(BODY_AT_TOP_LEVEL));
    }

    /** Two colons are a part of the id, one before a number is not. */
    static List<NodeConfig.Middleware> middleware(List<String> given) {
        List<NodeConfig.Middleware> all = new ArrayList<>();
        for (String text : given) {
            Matcher matcher = WITH_PRIORITY.matcher(text);
            all.add(
                    matcher.matches()
                            ? new NodeConfig.Middleware(matcher.group(1), Integer.parseInt(matcher.group(2)))
                            : new NodeConfig.Middleware(text, 0));
        }
        return List.copyOf(all);
    }
}
