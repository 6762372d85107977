package io.millrace.web.listen;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.xnio.Options;
import org.xnio.SslClientAuthMode;
import org.xnio.XnioWorker;

/** An HTTP server on one port. Its handler runs on the I/O threads and must not block them. */
public final class HttpPort implements AutoCloseable {
    private static final int POOL_BUFFER_BYTES = 4 << 10;
    private static final int SEND_BUFFER_BYTES = 64 << 10;
    private static final int BACKLOG = 4_000;
    private static final int PARSE_TIMEOUT_MS = 30_000;
    private static final int IDLE_KEEP_ALIVE_MS = 120_000;
    /** Each port has limits of its own for bodies; Undertow's is 2 MiB unless told otherwise. */
    private static final long ANY_BODY = -1;

    private final Undertow undertow;
    private final int port;

    private HttpPort(Undertow undertow, int port) {
        this.undertow = undertow;
        this.port = port;
    }

    /**
     * Begins to listen.
     *
     * @param handler gets paths as they were sent, not percent-decoded
     * @throws PortTakenException if the port cannot be had
     */
    public static HttpPort open(Bind bind, int ioThreads, HttpHandler handler) {
        return open(bind, ioThreads, null, handler);
    }

    /**
     * Begins to listen.
     *
     * @param tls null to speak in the clear; otherwise clients must have a certificate that it trusts
     * @param handler gets paths as they were sent, not percent-decoded
     * @throws PortTakenException if the port cannot be had
     */
    public static HttpPort open(Bind bind, int ioThreads, @Nullable SSLContext tls, HttpHandler handler) {
        Undertow.Builder builder = Undertow.builder();
        if (tls == null) {
            builder.addHttpListener(bind.port(), bind.host());
        } else {
            builder.addHttpsListener(bind.port(), bind.host(), tls)
                    .setSocketOption(Options.SSL_CLIENT_AUTH_MODE, SslClientAuthMode.REQUIRED);
        }
        Undertow undertow = builder.setIoThreads(ioThreads)
                .setWorkerThreads(1)
                .setBufferSize(POOL_BUFFER_BYTES)
                .setDirectBuffers(true)
                .setSocketOption(Options.BACKLOG, BACKLOG)
                .setSocketOption(Options.SEND_BUFFER, SEND_BUFFER_BYTES)
                .setSocketOption(Options.TCP_NODELAY, true)
                .setServerOption(UndertowOptions.DECODE_URL, false)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, ANY_BODY)
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, PARSE_TIMEOUT_MS)
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_KEEP_ALIVE_MS)
                .setHandler(handler)
                .build();
        try {
            undertow.start();
        } catch (RuntimeException e) {
            undertow.stop();
            Throwable why = bindFailure(e);
            if (why == null) {
                throw e;
            }
            throw new PortTakenException(bind, String.valueOf(why.getMessage()), e);
        }
        InetSocketAddress address =
                (InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress();
        return new HttpPort(undertow, address.getPort());
    }

    private static @Nullable Throwable bindFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException || cause instanceof UnresolvedAddressException) {
                return cause;
            }
        }
        return null;
    }

    /** Whose I/O threads serve the port, for connections that begin here. */
    public XnioWorker worker() {
        return undertow.getWorker();
    }

    /** The port that is listened on. */
    public int port() {
        return port;
    }

    /** Closes the port and every connection. */
    @Override
    public void close() {
        undertow.stop();
    }
}
