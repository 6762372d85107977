package io.millrace.web.stream;

import io.millrace.core.address.Group;
import io.millrace.web.listen.PercentEncoding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a path of the stream port stands for. */
sealed interface StreamPath {
    /** {@code /}, {@code /stream} or {@code /streams}: joins come as messages. */
    record Open() implements StreamPath {}

    /**
     * {@code /stream/{stream}/{group}} or {@code /stream/{stream}/{group}/{item}}: a join by itself.
     *
     * @param itemId null for the whole group
     */
    record Joined(Group group, @Nullable String itemId) implements StreamPath {}

    /** Anything else. */
    record Unknown() implements StreamPath {}

    /** Reads a path as it was sent. A slash at the end means nothing; empty names need a join message. */
    static StreamPath of(String path) {
        String trimmed = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        if (trimmed.equals("/") || trimmed.equals("/stream") || trimmed.equals("/streams")) {
            return new Open();
        }
        if (!trimmed.startsWith("/stream/")) {
            return new Unknown();
        }
        List<String> names = new ArrayList<>();
        for (String segment : trimmed.substring("/stream/".length()).split("/", -1)) {
            String name = PercentEncoding.decoded(segment);
            if (name == null || name.isEmpty()) {
                return new Unknown();
            }
            names.add(name);
        }
        return switch (names.size()) {
            case 2 -> new Joined(new Group(names.get(0), names.get(1)), null);
            case 3 -> new Joined(new Group(names.get(0), names.get(1)), names.get(2));
            default -> new Unknown();
        };
    }
}
