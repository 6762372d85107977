package io.millrace.web.stream;

import io.millrace.core.address.Group;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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
            String name = decoded(segment);
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

    /** The text of a percent-encoded segment, or null if it is none. */
    private static @Nullable String decoded(String segment) {
        byte[] sent = segment.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(sent.length);
        for (int i = 0; i < sent.length; i++) {
            if (sent[i] != '%') {
                bytes.write(sent[i]);
                continue;
            }
            boolean complete = i + 2 < sent.length;
            int high = complete ? Character.digit(sent[i + 1], 16) : -1;
            int low = complete ? Character.digit(sent[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
