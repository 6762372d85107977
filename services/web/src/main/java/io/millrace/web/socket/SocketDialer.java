package io.millrace.web.socket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoFuture;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioWorker;
import org.xnio.http.HandshakeChecker;
import org.xnio.http.HttpUpgrade;
import org.xnio.ssl.SslConnection;
import org.xnio.ssl.XnioSsl;

/** Opens message sockets to ports of others, beside those that come to a port of ours. */
public final class SocketDialer {
    private static final String ACCEPT = "sec-websocket-accept";
    private static final int KEY_BYTES = 16;
    private static final int SEND_BUFFER_BYTES = 256 << 10;
    private static final OptionMap OPTIONS =
            OptionMap.create(Options.TCP_NODELAY, true, Options.SEND_BUFFER, SEND_BUFFER_BYTES);

    private final SecureRandom random = new SecureRandom();
    private final XnioWorker worker;
    private final @Nullable XnioSsl ssl;
    private final MessageSockets sockets;

    /**
     * A dialer.
     *
     * @param worker whose I/O threads the sockets are put on
     * @param ssl null for connections in the clear
     * @param sockets closes what it opens, bounds and counts it
     */
    public SocketDialer(XnioWorker worker, @Nullable XnioSsl ssl, MessageSockets sockets) {
        this.worker = worker;
        this.ssl = ssl;
        this.sockets = sockets;
    }

    /**
     * Connects and waits until the socket is open.
     *
     * @param uri of scheme {@code http}, or {@code https} where there is TLS
     * @param timeout for the connection, and once more for the answer to its first request
     * @param begun called on the socket's I/O thread once it is there, before anything is read; gives who takes its messages
     * @throws IOException if nobody is there, or nobody who speaks WebSocket, or not in time
     */
    public void dial(URI uri, Duration timeout, Function<MessageSocket, MessageSocket.Listener> begun)
            throws IOException, InterruptedException {
        InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort());
        if (address.isUnresolved()) {
            throw new ConnectException("host " + uri.getHost() + " is not known");
        }
        IoFuture<? extends StreamConnection> connecting = ssl == null
                ? worker.openStreamConnection(address, null, OPTIONS)
                : ssl.openSslConnection(worker, address, null, OPTIONS);
        StreamConnection connection = connected(connecting, timeout);
        CompletableFuture<Void> upgraded = new CompletableFuture<>();
        connection.getIoThread().execute(() -> {
            if (connection instanceof SslConnection secured) {
                shakeHands(secured, () -> upgrade(connection, uri, begun, upgraded), upgraded);
            } else {
                upgrade(connection, uri, begun, upgraded);
            }
        });
        try {
            upgraded.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            IoUtils.safeClose(connection);
            throw new ConnectException(e instanceof TimeoutException ? "no answer" : String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            IoUtils.safeClose(connection);
            throw e;
        }
    }

    private static StreamConnection connected(IoFuture<? extends StreamConnection> connecting, Duration timeout)
            throws IOException {
        if (connecting.await(timeout.toMillis(), TimeUnit.MILLISECONDS) == IoFuture.Status.WAITING) {
            connecting.cancel();
            connecting.addNotifier(IoUtils.closingNotifier(), null); // in case it has come about meanwhile
            throw new ConnectException("no connection within " + timeout.toMillis() + " ms");
        }
        return connecting.get();
    }

    /**
     * Does the handshake of TLS by reading. If writing began it, what the other end sends at once would be left lying in the
     * conduit, which hears of nothing more to read.
     */
    private static void shakeHands(SslConnection connection, Runnable next, CompletableFuture<Void> upgraded) {
        AtomicBoolean done = new AtomicBoolean();
        connection.getHandshakeSetter().set(ignored -> done.set(true));
        connection.getSourceChannel().setReadListener(source -> {
            try {
                int count = source.read(ByteBuffer.allocate(1));
                if (count != 0) {
                    throw new ConnectException(count < 0 ? "closed" : "answer without a question");
                }
                if (done.get()) {
                    source.suspendReads();
                    next.run();
                }
            } catch (IOException e) {
                source.suspendReads();
                upgraded.completeExceptionally(e);
            }
        });
        try {
            connection.startHandshake();
            connection.getSourceChannel().wakeupReads();
        } catch (IOException e) {
            upgraded.completeExceptionally(e);
        }
    }

    private void upgrade(
            StreamConnection connection,
            URI uri,
            Function<MessageSocket, MessageSocket.Listener> begun,
            CompletableFuture<Void> upgraded) {
        byte[] random16 = new byte[KEY_BYTES];
        random.nextBytes(random16);
        String key = Base64.getEncoder().encodeToString(random16);
        Map<String, String> headers = Map.of(
                "Upgrade",
                "websocket",
                "Connection",
                "upgrade",
                "Sec-WebSocket-Version",
                "13",
                "Sec-WebSocket-Key",
                key);
        HandshakeChecker checker = answer -> {
            if (!Handshake.accepted(key).equals(answer.get(ACCEPT))) {
                throw new IOException("answer without the right " + ACCEPT);
            }
        };
        ChannelListener<StreamConnection> opened = channel -> {
            sockets.upgraded(channel, Side.CLIENT, begun);
            upgraded.complete(null);
        };
        try {
            HttpUpgrade.performUpgrade(connection, uri, headers, opened, checker)
                    .addNotifier(
                            (future, ignored) -> {
                                if (future.getStatus() == IoFuture.Status.FAILED) {
                                    upgraded.completeExceptionally(future.getException());
                                }
                            },
                            null);
        } catch (RuntimeException e) {
            upgraded.completeExceptionally(e);
        }
    }
}
