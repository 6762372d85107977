package io.millrace.engine.channel;

import io.millrace.engine.peer.Peer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One pipe on the link to another node: a byte that says what it is and, by its highest bit, whether it comes from the node
 * that has opened the pipe; the pipe's number; and the rest as it is, raw.
 *
 * @param number what the node that has opened the pipe calls it
 * @param opener whether this node has opened it
 */
record Wire(Peer peer, long number, boolean opener) {
    /** The kind of notice. */
    static final String KIND = "pipe";

    private static final int OPENER = 0x80;
    private static final int HEAD_BYTES = 1 + Long.BYTES;

    /** What is said. */
    enum Op {
        /** The beginning, or a further part, of an item of which more comes. */
        PART(0),
        /** The end of a text message, or all of it. */
        TEXT(1),
        /** The same of bytes. */
        BINARY(2),
        /** Nothing more will be written. */
        END(3),
        /** Nobody reads any more. */
        ABANDON(4),
        /** So many more items and bytes may be sent. */
        CREDIT(5);

        private final int code;

        Op(int code) {
            this.code = code;
        }

        static @Nullable Op of(int code) {
            for (Op op : values()) {
                if (op.code == code) {
                    return op;
                }
            }
            return null;
        }
    }

    /**
     * Something that was said.
     *
     * @param number of the pipe
     * @param fromOpener whether the other node has opened that pipe
     */
    record Message(Op op, long number, boolean fromOpener, ByteBuffer rest) {
        /** Null if it is none, or one of a later version. */
        static @Nullable Message of(byte[] body) {
            if (body.length < HEAD_BYTES) {
                return null;
            }
            ByteBuffer bytes = ByteBuffer.wrap(body);
            int first = bytes.get() & 0xff;
            Op op = Op.of(first & ~OPENER);
            return op == null ? null : new Message(op, bytes.getLong(), (first & OPENER) != 0, bytes.slice());
        }

        byte[] bytes() {
            byte[] array = rest.array();
            return Arrays.copyOfRange(array, rest.arrayOffset(), rest.arrayOffset() + rest.limit());
        }

        /** What a {@link Op#CREDIT} gives; nothing if it is not whole. */
        Credit credit() {
            return rest.limit() < 2 * Integer.BYTES
                    ? Credit.NONE
                    : new Credit(rest.getInt(0), rest.getInt(Integer.BYTES));
        }
    }

    void send(Op op) {
        peer.tell(KIND, head(op, 0).array());
    }

    void send(Op op, byte[] bytes, int from, int count) {
        peer.tell(KIND, head(op, count).put(bytes, from, count).array());
    }

    void send(Credit credit) {
        peer.tell(
                KIND,
                head(Op.CREDIT, 2 * Integer.BYTES)
                        .putInt(credit.items())
                        .putInt(credit.bytes())
                        .array());
    }

    boolean isCongested() {
        return peer.isCongested();
    }

    private ByteBuffer head(Op op, int restBytes) {
        return ByteBuffer.allocate(HEAD_BYTES + restBytes)
                .put((byte) (op.code | (opener ? OPENER : 0)))
                .putLong(number);
    }
}
