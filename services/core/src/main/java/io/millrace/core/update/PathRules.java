package io.millrace.core.update;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a path may look like. Broken rules are faults of the op, not of the request. */
final class PathRules {
    /** Names that lead to an object's prototype in JavaScript, in byte order. */
    static final List<String> FORBIDDEN = List.of("__proto__", "constructor", "prototype");

    private static final int MAX_DEPTH = 32;
    private static final int MAX_SEGMENT_BYTES = 256;

    private PathRules() {}

    /** Checks the path of an op that takes the root (empty) or one field. */
    static @Nullable Fault check(String field) {
        return field.isEmpty() ? null : checkSegment(field);
    }

    /** Checks the path of an op that walks. */
    static @Nullable Fault check(List<String> path) {
        if (path.size() > MAX_DEPTH) {
            return new Fault("path.too_deep", "Path depth " + path.size() + " exceeds maximum of " + MAX_DEPTH);
        }
        for (String segment : path) {
            Fault fault = segment.isEmpty()
                    ? new Fault("path.empty_segment", "Path contains an empty segment")
                    : checkSegment(segment);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private static @Nullable Fault checkSegment(String segment) {
        int bytes = segment.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_SEGMENT_BYTES) {
            return new Fault(
                    "path.segment_too_long",
                    "Path segment of " + bytes + " bytes exceeds maximum of " + MAX_SEGMENT_BYTES);
        }
        if (FORBIDDEN.contains(segment)) {
            return new Fault(
                    "path.proto_polluted", "Path segment '" + segment + "' is not allowed (prototype pollution).");
        }
        return null;
    }
}
