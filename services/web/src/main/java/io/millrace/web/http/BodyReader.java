package io.millrace.web.http;

import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.channels.StreamSourceChannel;

/** Reads the body of a request, as fast as it is taken. Belongs to the request's I/O thread. */
final class BodyReader {
    private static final int PIECE_BYTES = 16 << 10;
    /** After so many pieces at a stretch the thread's other connections have their turn. */
    private static final int STRETCH = 64;

    private final HttpServerExchange exchange;
    private final Runnable lost;
    private @Nullable StreamSourceChannel source;
    private @Nullable ByteBuffer buffer;
    private @Nullable Sink sink;
    private long limitBytes;
    private long readBytes;
    private boolean paused;

    /** Where a body goes. */
    interface Sink {
        /** The next bytes. Returns false to get no more until {@link BodyReader#resume()}. */
        boolean take(byte[] piece);

        /** That was all. */
        void ended();

        /** It is longer than it may be; no more will come. */
        void tooLarge();
    }

    /**
     * A body that has not been touched.
     *
     * @param lost called if its sender goes away before its end
     */
    BodyReader(HttpServerExchange exchange, Runnable lost) {
        this.exchange = exchange;
        this.lost = lost;
    }

    /** Gives the body, or what is left of it, piece by piece to {@code to}. */
    void pieces(long mostBytes, Sink to) {
        sink = to;
        limitBytes = mostBytes;
        readBytes = 0;
        paused = false;
        if (exchange.isRequestComplete()) {
            to.ended();
        } else if (exchange.getRequestContentLength() > mostBytes) {
            sink = null;
            to.tooLarge();
        } else {
            read();
        }
    }

    /** The sink has room again. */
    void resume() {
        if (paused) {
            paused = false;
            read();
        }
    }

    /** Nobody wants the rest. */
    void stop() {
        sink = null;
        if (source != null) {
            source.suspendReads();
        }
    }

    private void read() {
        try {
            StreamSourceChannel from = source == null ? exchange.getRequestChannel() : source;
            ByteBuffer into = buffer == null ? ByteBuffer.allocate(PIECE_BYTES) : buffer;
            source = from;
            buffer = into;
            int pieces = 0;
            while (sink != null && !paused) {
                if (++pieces > STRETCH) {
                    from.suspendReads();
                    exchange.getIoThread().execute(this::read);
                    return;
                }
                Sink to = sink;
                int count = from.read(into.clear());
                if (sink == null) {
                    // With the end of the body everything was over.
                    return;
                }
                if (count == 0) {
                    from.getReadSetter().set(readable -> read());
                    from.resumeReads();
                    return;
                }
                taken(to, count, into.flip());
            }
            from.suspendReads();
        } catch (IOException e) {
            sink = null;
            lost.run();
        }
    }

    private void taken(Sink to, int count, ByteBuffer read) {
        if (count < 0) {
            sink = null;
            to.ended();
            return;
        }
        readBytes += count;
        if (readBytes > limitBytes) {
            sink = null;
            to.tooLarge();
            return;
        }
        byte[] piece = new byte[count];
        read.get(piece);
        paused = !to.take(piece);
    }
}
