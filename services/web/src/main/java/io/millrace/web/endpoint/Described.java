package io.millrace.web.endpoint;

import io.millrace.engine.worker.Endpoints;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An endpoint as an {@code invocation} object describes it: {@code {"url","method"?,"timeout_ms"?,"headers"?,"auth"?}}.
 *
 * @param headers beside our own, which they replace
 */
record Described(URI url, String method, Duration timeout, Map<String, String> headers, Credential credential) {
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final long USUAL_TIMEOUT_MS = 30_000;
    private static final long LONGEST_TIMEOUT_MS = Duration.ofHours(1).toMillis();

    /** Reads and checks it. Throws {@link Endpoints.RefusedException} with what is wrong. */
    static Described of(JsonNode invocation, EndpointsConfig config, Function<String, @Nullable String> environment) {
        String method = invocation.path("method").asString("POST").toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw new Endpoints.RefusedException("invalid_method", "method (expected: one of " + METHODS + ")");
        }
        Described described = new Described(
                url(invocation.path("url"), config.allowedHosts()),
                method,
                timeout(invocation.path("timeout_ms")),
                headers(invocation.path("headers")),
                Credential.of(invocation.path("auth"), environment));
        described.tryOut();
        return described;
    }

    private static URI url(JsonNode given, List<String> allowedHosts) {
        try {
            URI url = new URI(given.asString(""));
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            if (url.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
                throw invalidUrl("url (expected: an absolute http or https URL)");
            }
            if (!allowedHosts.isEmpty() && !allowedHosts.contains(url.getHost().toLowerCase(Locale.ROOT))) {
                throw invalidUrl("host " + url.getHost() + " (expected: one of endpoints.allowed-hosts)");
            }
            return url;
        } catch (URISyntaxException e) {
            throw invalidUrl("url (expected: an absolute http or https URL)");
        }
    }

    private static Endpoints.RefusedException invalidUrl(String message) {
        return new Endpoints.RefusedException("url_validation_failed", message);
    }

    private static Duration timeout(JsonNode given) {
        boolean usual = !given.isIntegralNumber() || !given.canConvertToLong();
        return Duration.ofMillis(usual ? USUAL_TIMEOUT_MS : Math.clamp(given.longValue(), 1, LONGEST_TIMEOUT_MS));
    }

    private static Map<String, String> headers(JsonNode given) {
        Map<String, String> headers = new LinkedHashMap<>();
        given.properties().forEach(header -> {
            if (header.getValue().isString()) {
                headers.put(header.getKey(), header.getValue().stringValue());
            }
        });
        return headers;
    }

    /** Better refused when it is registered than failing with every call. */
    private void tryOut() {
        try {
            request(new byte[0], "0").build();
        } catch (IllegalArgumentException e) {
            // Its own message may hold a secret.
            throw new Endpoints.RefusedException(
                    "invalid_request", "headers (expected: ones that HTTP allows and the connection does not need)");
        }
    }

    /** A request with our headers of it, but for those that depend on the call. */
    HttpRequest.Builder request(byte[] body, String timestamp) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .setHeader("Content-Type", "application/json")
                .setHeader("x-iii-Timestamp", timestamp);
        headers.forEach(request::setHeader);
        credential.sign(request, timestamp, body);
        return request;
    }

    /** Leaves out what may be secret. */
    @Override
    public String toString() {
        return method + " " + url.getHost();
    }
}
