package io.millrace.web.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A path with parameters.
 *
 * @param given as registered, for instance {@code /users/:id}
 * @param segments what is between the slashes; a parameter with its colon
 */
record RoutePattern(String given, List<String> segments) {
    static RoutePattern of(String given) {
        return new RoutePattern(given, segmentsOf(given));
    }

    /** Of a pattern or of a path. One leading slash makes no difference, one at the end does. */
    static List<String> segmentsOf(String path) {
        return List.of((path.startsWith("/") ? path.substring(1) : path).split("/", -1));
    }

    static boolean isParameter(String segment) {
        return segment.length() > 1 && segment.charAt(0) == ':';
    }

    /** The names of the parameters, in order. */
    List<String> names() {
        return segments.stream().filter(RoutePattern::isParameter).toList();
    }

    /** The parameters of a path that fits, as sent. */
    Map<String, String> parameters(List<String> path) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            if (isParameter(segments.get(i))) {
                parameters.put(segments.get(i).substring(1), path.get(i));
            }
        }
        return parameters;
    }
}
