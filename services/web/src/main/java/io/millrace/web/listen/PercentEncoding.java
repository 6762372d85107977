package io.millrace.web.listen;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Names in paths. A plus sign is a plus sign. */
public final class PercentEncoding {
    private PercentEncoding() {}

    /** The text of a percent-encoded segment, or null if it is none. */
    public static @Nullable String decoded(String segment) {
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
