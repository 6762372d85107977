package io.millrace.web.socket;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.Deflater;

/**
 * Compresses messages as RFC 7692 has it, each for itself: so one compressed message suits any number of sockets.
 * Thread-safe; there are as many compressors as have ever been at work at a time, which is at most one for each core.
 */
public final class Deflation {
    /** What an empty block without compression ends with: to be left out by whoever sends. */
    private static final int TAIL_BYTES = 4;

    private final Queue<Deflater> idle = new ConcurrentLinkedQueue<>();

    /** A text message as a complete frame: compressed, unless that does not make it smaller. */
    public byte[] message(byte[] text) {
        Deflater known = idle.poll();
        Deflater deflater = known == null ? new Deflater(Deflater.DEFAULT_COMPRESSION, true) : known;
        byte[] compressed = new byte[text.length + TAIL_BYTES];
        deflater.setInput(text);
        int length = deflater.deflate(compressed, 0, compressed.length, Deflater.SYNC_FLUSH);
        deflater.reset();
        idle.add(deflater);
        int sent = length - TAIL_BYTES;
        return sent < text.length
                ? WireFrames.frame(WireFrames.TEXT | WireFrames.COMPRESSED, Arrays.copyOf(compressed, sent))
                : WireFrames.frame(WireFrames.TEXT, text);
    }
}
