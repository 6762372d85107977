package io.millrace.web.socket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The masking of RFC 6455 §5.3, which undoes itself when it is done again. */
final class Masking {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Masking() {}

    /**
     * Masks a part of {@code bytes}.
     *
     * @param mask the four bytes as they are sent, the first uppermost
     * @param before how much of the payload comes before this part
     */
    static void apply(byte[] bytes, int from, int count, int mask, long before) {
        int turned = Integer.rotateLeft(mask, 8 * (int) (before & 3));
        long wide = Integer.toUnsignedLong(turned) << 32 | Integer.toUnsignedLong(turned);
        int end = from + count;
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ wide);
        }
        for (; at < end; at++) {
            bytes[at] ^= (byte) (turned >> (24 - 8 * ((at - from) & 3)));
        }
    }
}
