package io.millrace.web.http;

import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import org.jspecify.annotations.Nullable;

/** What browsers want to hear before a page may read an answer. */
final class CorsHeaders {
    private static final String ANY = "*";
    private static final HttpString ALLOW_ORIGIN = new HttpString("Access-Control-Allow-Origin");
    private static final HttpString ALLOW_METHODS = new HttpString("Access-Control-Allow-Methods");
    private static final HttpString ALLOW_HEADERS = new HttpString("Access-Control-Allow-Headers");
    private static final HttpString EXPOSE_HEADERS = new HttpString("Access-Control-Expose-Headers");
    private static final String VARY = "origin, access-control-request-method, access-control-request-headers";

    private final HttpTriggersConfig.Cors cors;
    private final boolean anyOrigin;
    private final String methods;

    CorsHeaders(HttpTriggersConfig.Cors cors) {
        this.cors = cors;
        this.anyOrigin = cors.origins().isEmpty() || cors.origins().contains(ANY);
        this.methods = cors.methods().isEmpty() ? ANY : String.join(",", cors.methods());
    }

    /** Of the answer to OPTIONS, whoever asks and about what. */
    void addToPreflight(HeaderMap request, HeaderMap answer) {
        addOrigin(request, answer);
        answer.put(ALLOW_METHODS, methods);
        answer.put(ALLOW_HEADERS, ANY);
    }

    /** Of every other answer, in place of what the function says. */
    void addTo(HeaderMap request, HeaderMap answer) {
        addOrigin(request, answer);
        if (cors.equals(HttpTriggersConfig.Cors.OPEN)) {
            answer.put(EXPOSE_HEADERS, ANY);
        }
    }

    private void addOrigin(HeaderMap request, HeaderMap answer) {
        @Nullable String origin = anyOrigin ? ANY : request.getFirst(Headers.ORIGIN);
        if (origin != null && (anyOrigin || cors.origins().contains(origin))) {
            answer.put(ALLOW_ORIGIN, origin);
        }
        answer.add(Headers.VARY, VARY);
    }
}
