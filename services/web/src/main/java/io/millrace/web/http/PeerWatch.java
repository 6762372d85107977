package io.millrace.web.http;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import org.xnio.IoUtils;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Notices a client that goes away while its answer is not there yet or nothing is being written, which no one would find
 * out otherwise. What it sends meanwhile, its next request, is kept for the parser, and ends the watch.
 */
final class PeerWatch {
    private final HttpServerConnection connection;
    private final StreamSourceConduit raw;

    private PeerWatch(HttpServerConnection connection) {
        this.connection = connection;
        // The one in use may be the body's, which has ended and would say so.
        this.raw = connection.getOriginalSourceConduit();
    }

    /** Begins, if the request has been read to its end. It ends with the exchange, which takes the listener's place. */
    static void begin(HttpServerExchange exchange) {
        if (exchange.isRequestComplete()
                && exchange.getConnection() instanceof HttpServerConnection connection
                && connection.getExtraBytes() == null) {
            PeerWatch watch = new PeerWatch(connection);
            connection.getChannel().getSourceChannel().setReadListener(readable -> watch.look());
            watch.raw.resumeReads();
        }
    }

    private void look() {
        PooledByteBuffer buffer = connection.getByteBufferPool().allocate();
        int count;
        try {
            count = raw.read(buffer.getBuffer());
        } catch (IOException e) {
            count = -1;
        }
        if (count > 0) {
            raw.suspendReads();
            buffer.getBuffer().flip();
            connection.ungetRequestBytes(buffer);
            return;
        }
        buffer.close();
        if (count < 0) {
            IoUtils.safeClose(connection);
        }
    }
}
