package io.millrace.web.peer;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What one node sends another once they know each other: a head, numbers big-endian, and the body, which is the rest.
 *
 * <pre>
 * 1 tell      kind: length (1 byte), ASCII
 * 2 ask       id (8), milliseconds it waits (4), kind
 * 3 answer    id (8)
 * 4 failure   id (8); the body is a sentence in UTF-8
 * 5 dropped   id (8); no body: the answer found no room
 * </pre>
 */
@SuppressWarnings("ArrayRecordComponent") // Passed from hand to hand, never compared.
sealed interface PeerMessage {
    byte TELL = 1;
    byte ASK = 2;
    byte ANSWER = 3;
    byte FAILURE = 4;
    byte DROPPED = 5;

    /** More than any head is long, the frame's own included. */
    int MOST_HEAD_BYTES = 64;

    /** Told. */
    record Tell(String kind, byte[] body) implements PeerMessage {}

    /** Asked. */
    record Ask(long id, int waitsMs, String kind, byte[] body) implements PeerMessage {}

    /** Answered. */
    record Answer(long id, byte[] body) implements PeerMessage {}

    /** Not answered, as the sentence says. */
    record Failure(long id, String why) implements PeerMessage {}

    /** Perhaps done, but not answered. */
    record Dropped(long id) implements PeerMessage {}

    /** The head of a notice. */
    static byte[] tellHead(String kind) {
        byte[] head = new byte[2 + kind.length()];
        withKind(ByteBuffer.wrap(head).put(TELL), kind);
        return head;
    }

    /** The head of a question. */
    static byte[] askHead(long id, int waitsMs, String kind) {
        byte[] head = new byte[14 + kind.length()];
        withKind(ByteBuffer.wrap(head).put(ASK).putLong(id).putInt(waitsMs), kind);
        return head;
    }

    private static void withKind(ByteBuffer head, String kind) {
        head.put((byte) kind.length()).put(kind.getBytes(StandardCharsets.US_ASCII));
    }

    /** The head of an answer, a failure or one dropped. */
    static byte[] replyHead(byte op, long id) {
        return ByteBuffer.allocate(9).put(op).putLong(id).array();
    }

    /**
     * Reads a message.
     *
     * @return null if it is of a kind that later versions have
     * @throws IllegalArgumentException if it is garbage
     */
    static @Nullable PeerMessage read(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        try {
            return switch (in.get()) {
                case TELL -> new Tell(kind(in), rest(in));
                case ASK -> new Ask(in.getLong(), in.getInt(), kind(in), rest(in));
                case ANSWER -> new Answer(in.getLong(), rest(in));
                case FAILURE -> new Failure(in.getLong(), new String(rest(in), StandardCharsets.UTF_8));
                case DROPPED -> new Dropped(in.getLong());
                default -> null;
            };
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("message of " + message.length + " bytes (expected: a whole head)", e);
        }
    }

    private static String kind(ByteBuffer in) {
        byte[] kind = new byte[in.get() & 0xff];
        in.get(kind);
        return new String(kind, StandardCharsets.US_ASCII);
    }

    private static byte[] rest(ByteBuffer in) {
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        return rest;
    }
}
