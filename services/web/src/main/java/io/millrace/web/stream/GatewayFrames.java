package io.millrace.web.stream;

import io.millrace.core.value.Json;
import io.millrace.engine.feed.Form;
import io.millrace.engine.feed.FrameEncoder;
import io.millrace.web.socket.Deflation;
import io.millrace.web.socket.WireFrames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes of frames what goes over the wire, in each form. Thread-safe. */
final class GatewayFrames implements FrameEncoder {
    private final Deflation deflation;
    private final int minBytes;
    private final GatewayEvents events;

    /** An encoder that compresses frames of at least so many bytes, for those who want that. */
    GatewayFrames(int minBytes, GatewayEvents events) {
        this.deflation = new Deflation();
        this.minBytes = minBytes;
        this.events = events;
    }

    @Override
    public byte[] encode(Form form, Json frame, String cursor) {
        return switch (form) {
            case MESSAGE -> WireFrames.frame(WireFrames.TEXT, frame.utf8());
            case MESSAGE_CURSOR -> WireFrames.frame(WireFrames.TEXT, withCursor(frame.utf8(), cursor));
            case DEFLATED -> deflated(frame.utf8());
            case DEFLATED_CURSOR -> deflated(withCursor(frame.utf8(), cursor));
            case EVENT_STREAM -> ServerSentEvents.event(frame, cursor);
        };
    }

    private byte[] deflated(byte[] text) {
        if (text.length < minBytes) {
            return WireFrames.frame(WireFrames.TEXT, text);
        }
        byte[] wire = deflation.message(text);
        events.compressed(text.length, wire.length);
        return wire;
    }

    /** The object with the cursor as its last member. */
    private static byte[] withCursor(byte[] object, String cursor) {
        int end = object.length - 1;
        if (cursor.isEmpty() || object.length == 0 || object[end] != '}') {
            return object;
        }
        byte[] member = (",\"cursor\":\"" + cursor + "\"}").getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(object, end + member.length);
        System.arraycopy(member, 0, all, end, member.length);
        return all;
    }
}
