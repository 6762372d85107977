package io.millrace.web.stream;

import io.millrace.core.value.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of {@code text/event-stream}. A frame is one event: its id is the cursor, which browsers send back by
 * themselves as {@code Last-Event-ID}, its data the JSON, which never has a line break.
 */
final class ServerSentEvents {
    /** Comes first: how long browsers wait before they connect again. */
    static final byte[] RETRY = ascii("retry: 1000\n\n");

    /** A comment, which nobody is told about: it keeps proxies from taking the stream for dead. */
    static final byte[] HEARTBEAT = ascii(":\n\n");

    private static final byte[] DATA = ascii("data: ");
    private static final byte[] NEW_LINE = ascii("\n");
    private static final byte[] END = ascii("\n\n");
    /** How the frames end that tell nothing but a cursor. In any other, more braces follow what reads like it. */
    private static final byte[] CURSOR_ONLY = ascii("\"event\":{\"type\":\"cursor\"}}");

    private ServerSentEvents() {}

    /** An event. One without data takes the cursor along and is not dispatched. */
    static byte[] event(Json frame, String cursor) {
        byte[] id = cursor.isEmpty() ? new byte[0] : ascii("id: " + cursor + "\n");
        byte[] json = frame.utf8();
        if (endsWith(json, CURSOR_ONLY)) {
            return joined(id, NEW_LINE);
        }
        return joined(id, DATA, json, END);
    }

    private static boolean endsWith(byte[] text, byte[] end) {
        int from = text.length - end.length;
        return from >= 0 && Arrays.equals(text, from, text.length, end, 0, end.length);
    }

    private static byte[] joined(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
