package io.millrace.web.http;

import io.millrace.web.listen.Bind;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * How the port of the http triggers is to be.
 *
 * @param ioThreads how many threads move bytes; none of them ever waits
 * @param cors who may call from a web page
 * @param middleware functions that see every request before its own function, the lowest priority first
 * @param bodyAtTopLevel whether the fields of a JSON object in the body also stand in the payload itself, where it has none
 *     of that name
 */
public record HttpTriggersConfig(
        Bind bind, int ioThreads, Limits limits, Cors cors, List<Middleware> middleware, boolean bodyAtTopLevel) {
    /** Sorts the middleware. */
    public HttpTriggersConfig {
        if (ioThreads < 1) {
            throw new IllegalArgumentException("ioThreads: " + ioThreads + " (expected: at least 1)");
        }
        middleware = middleware.stream()
                .sorted(Comparator.comparingInt(Middleware::priority))
                .toList();
    }

    /**
     * What is too much.
     *
     * @param timeout how long a request may take until its answer begins, once it is its turn
     * @param maxRequests how many requests of one route are worked on at a time; as many again wait for their turn
     * @param maxBodyBytes of a JSON body, which is read as a whole
     * @param maxBodiesBytes of all JSON bodies at a time
     * @param maxUploadBytes of every other body, which is passed on piece by piece
     * @param maxDepth how deep a JSON body may nest
     */
    public record Limits(
            Duration timeout,
            int maxRequests,
            int maxBodyBytes,
            long maxBodiesBytes,
            long maxUploadBytes,
            int maxDepth) {
        /** Checks the bounds. */
        public Limits {
            if (timeout.isNegative()
                    || timeout.isZero()
                    || maxRequests < 1
                    || maxBodyBytes < 1
                    || maxBodiesBytes < maxBodyBytes
                    || maxUploadBytes < 1) {
                throw new IllegalArgumentException("limits: " + timeout + ", " + maxRequests + " requests, "
                        + maxBodyBytes + ", " + maxBodiesBytes + " and " + maxUploadBytes
                        + " bytes (expected: more than nothing, and room for a body)");
            }
        }
    }

    /**
     * Cross-origin requests.
     *
     * @param origins web sites that may call, or {@code *}; none given: all of them
     * @param methods they may use, or {@code *}; none given: all of them
     */
    public record Cors(List<String> origins, List<String> methods) {
        /** Everybody may do everything, and see every header of the answer. */
        public static final Cors OPEN = new Cors(List.of(), List.of());

        /** Copies the lists. */
        public Cors {
            origins = List.copyOf(origins);
            methods = List.copyOf(methods);
        }
    }

    /** A function that sees every request first. */
    public record Middleware(String functionId, int priority) {}
}
