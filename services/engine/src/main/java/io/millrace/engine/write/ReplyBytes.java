package io.millrace.engine.write;

import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import io.millrace.core.update.OpError;
import io.millrace.core.value.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replies as bytes, one behind the other in arrays that are used again: mutation id, version, old value, new value,
 * errors; a text is its length, -1 for none, and UTF-8.
 */
final class ReplyBytes {
    static final byte[] NOWHERE = {};

    private static final int PLACE_BYTES = 64 << 10;
    private static final int NONE = -1;

    private byte[] place = NOWHERE;
    private int from;
    private int end;
    /** One that is free, so that the first of a row and the last need not be made and thrown away in turn. */
    private byte[] spare = NOWHERE;

    /** Writes one; where, say {@link #place()}, {@link #from()} and {@link #size()} until the next one. */
    void write(MutationId id, Reply.Done reply) {
        byte[] idText = utf8(id.text());
        byte[][] errors = errors(reply.errors());
        int size = Long.BYTES + sized(idText) + sized(bytes(reply.oldValue())) + sized(bytes(reply.newValue()));
        size += Integer.BYTES;
        for (byte[] text : errors) {
            size += sized(text);
        }
        reserve(size);
        ByteBuffer to = ByteBuffer.wrap(place, from, size);
        put(to, idText);
        to.putLong(reply.version().micros());
        put(to, bytes(reply.oldValue()));
        put(to, bytes(reply.newValue()));
        to.putInt(reply.errors().size());
        for (byte[] text : errors) {
            put(to, text);
        }
    }

    private void reserve(int size) {
        from = end;
        if (place.length - from < size) {
            boolean ordinary = size <= PLACE_BYTES;
            place = ordinary && spare.length > 0 ? spare : new byte[Math.max(size, PLACE_BYTES)];
            spare = ordinary ? NOWHERE : spare;
            from = 0;
        }
        end = from + size;
    }

    byte[] place() {
        return place;
    }

    int from() {
        return from;
    }

    int size() {
        return end - from;
    }

    /** Nothing that counts is in this place any more. */
    @SuppressWarnings("ReferenceEquality") // Whether it is the same array.
    void free(byte[] empty) {
        if (empty == place) {
            end = 0;
        } else if (empty.length == PLACE_BYTES) {
            spare = empty;
        }
    }

    /** Whether the reply there is under that id. */
    static boolean isOf(MutationId id, byte[] place, int from) {
        int length = ByteBuffer.wrap(place).getInt(from);
        return new String(place, from + Integer.BYTES, length, StandardCharsets.UTF_8).equals(id.text());
    }

    /** The reply there. */
    static Reply.Done read(byte[] place, int from) {
        ByteBuffer at = ByteBuffer.wrap(place);
        at.position(from);
        take(at);
        Version version = new Version(at.getLong());
        Json oldValue = json(take(at));
        Json newValue = json(take(at));
        int count = at.getInt();
        List<OpError> errors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int index = Integer.parseInt(text(take(at)));
            String code = text(take(at));
            errors.add(new OpError(index, code, text(take(at))));
        }
        return new Reply.Done(oldValue, newValue, errors, version);
    }

    private static byte[][] errors(List<OpError> errors) {
        byte[][] texts = new byte[3 * errors.size()][];
        for (int i = 0; i < errors.size(); i++) {
            OpError error = errors.get(i);
            texts[3 * i] = utf8(Integer.toString(error.opIndex()));
            texts[3 * i + 1] = utf8(error.code());
            texts[3 * i + 2] = utf8(error.message());
        }
        return texts;
    }

    private static int sized(byte @Nullable [] text) {
        return Integer.BYTES + (text == null ? 0 : text.length);
    }

    private static void put(ByteBuffer to, byte @Nullable [] text) {
        if (text == null) {
            to.putInt(NONE);
        } else {
            to.putInt(text.length).put(text);
        }
    }

    private static byte @Nullable [] take(ByteBuffer at) {
        int length = at.getInt();
        if (length == NONE) {
            return null;
        }
        byte[] text = new byte[length];
        at.get(text);
        return text;
    }

    private static byte @Nullable [] bytes(@Nullable Json json) {
        return json == null ? null : json.utf8();
    }

    private static @Nullable Json json(byte @Nullable [] utf8) {
        return utf8 == null ? null : Json.ofTrusted(utf8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte @Nullable [] utf8) {
        return utf8 == null ? "" : new String(utf8, StandardCharsets.UTF_8);
    }
}
