package io.millrace.web.admin;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSourceChannel;

/** Reads a request's body as it comes, up to a limit. Memory is taken for what has come, not for what is announced. */
final class BodyReader implements ChannelListener<StreamSourceChannel> {
    private final HttpServerExchange exchange;
    private final int maxBytes;
    private final BiConsumer<HttpServerExchange, byte[]> whenRead;
    private final Consumer<HttpServerExchange> whenTooLarge;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(512);

    private BodyReader(
            HttpServerExchange exchange,
            int maxBytes,
            BiConsumer<HttpServerExchange, byte[]> whenRead,
            Consumer<HttpServerExchange> whenTooLarge) {
        this.exchange = exchange;
        this.maxBytes = maxBytes;
        this.whenRead = whenRead;
        this.whenTooLarge = whenTooLarge;
    }

    private enum Progress {
        READ,
        TOO_LARGE,
        MORE,
        FAILED
    }

    /** To be called by a handler on the I/O thread; goes on there when the handler has returned. */
    static void read(
            HttpServerExchange exchange,
            int maxBytes,
            BiConsumer<HttpServerExchange, byte[]> whenRead,
            Consumer<HttpServerExchange> whenTooLarge) {
        BodyReader reader = new BodyReader(exchange, maxBytes, whenRead, whenTooLarge);
        if (exchange.getRequestContentLength() > maxBytes) {
            whenTooLarge.accept(exchange);
            return;
        }
        StreamSourceChannel channel = exchange.getRequestChannel();
        Progress progress = reader.readSome(channel);
        if (progress == Progress.MORE) {
            channel.getReadSetter().set(reader);
            channel.resumeReads();
        } else {
            exchange.dispatch(SameThreadExecutor.INSTANCE, () -> reader.went(progress));
        }
    }

    @Override
    public void handleEvent(StreamSourceChannel channel) {
        Progress progress = readSome(channel);
        if (progress != Progress.MORE) {
            channel.suspendReads();
            went(progress);
        }
    }

    private Progress readSome(StreamSourceChannel channel) {
        try (PooledByteBuffer pooled =
                exchange.getConnection().getByteBufferPool().allocate()) {
            ByteBuffer buffer = pooled.getBuffer();
            byte[] piece = new byte[buffer.capacity()];
            while (true) {
                buffer.clear();
                int count = channel.read(buffer);
                if (count <= 0) {
                    return count < 0 ? Progress.READ : Progress.MORE;
                }
                if (body.size() + count > maxBytes) {
                    return Progress.TOO_LARGE;
                }
                buffer.flip().get(piece, 0, count);
                body.write(piece, 0, count);
            }
        } catch (IOException e) {
            return Progress.FAILED;
        }
    }

    private void went(Progress progress) {
        switch (progress) {
            case READ -> whenRead.accept(exchange, body.toByteArray());
            case TOO_LARGE -> whenTooLarge.accept(exchange);
            case FAILED -> IoUtils.safeClose(exchange.getConnection());
            case MORE -> throw new IllegalStateException("body not read yet");
        }
    }
}
