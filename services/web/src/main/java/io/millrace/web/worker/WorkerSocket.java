package io.millrace.web.worker;

import io.millrace.engine.worker.FromWorker;
import io.millrace.engine.worker.Link;
import io.millrace.engine.worker.ToWorker;
import io.millrace.engine.worker.Worker;
import io.millrace.engine.worker.Workers;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.MessageSocket;
import io.millrace.web.socket.WireFrames;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A worker's connection. Messages are read where they arrive, on the I/O thread, but large ones elsewhere, since other
 * connections would have to wait; what comes after a large one waits for it.
 */
final class WorkerSocket implements MessageSocket.Listener, Link {
    private static final int LARGE_BYTES = 128 << 10;
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(2);

    private final MessageSocket socket;
    private final Means means;
    private final Worker worker;
    /** What came while a large message is being read, which is the first. Empty if none is. */
    private final Queue<byte[]> later = new ArrayDeque<>();

    private boolean paused;

    /**
     * What connections have in common.
     *
     * @param large reads large messages; a virtual thread for each will do
     */
    record Means(MessageReader reader, Workers workers, TelemetrySocket telemetry, Executor large) {}

    WorkerSocket(MessageSocket socket, Means means, String address) {
        this.socket = socket;
        this.means = means;
        this.worker = means.workers().connect(this, address);
    }

    @Override
    public void message(boolean text, byte[] payload) {
        if (!text && TelemetrySocket.isTelemetry(payload)) {
            means.telemetry().message(false, payload);
        } else if (!later.isEmpty()) {
            later.add(payload);
        } else if (payload.length >= LARGE_BYTES) {
            later.add(payload);
            socket.pause();
            readLarge(payload);
        } else {
            take(read(payload));
        }
    }

    private void readLarge(byte[] payload) {
        means.large().execute(() -> {
            FromWorker message = read(payload);
            if (message instanceof FromWorker.Invoke invoke && !means.workers().isLocal(invoke.functionId())) {
                invoke.data().utf8(); // written here rather than where it is passed on
            }
            socket.executor().execute(() -> {
                take(message);
                later.remove();
                proceed();
            });
        });
    }

    private void proceed() {
        for (byte[] next = later.peek(); next != null; next = later.peek()) {
            if (next.length >= LARGE_BYTES) {
                readLarge(next);
                return;
            }
            take(read(next));
            later.remove();
        }
        if (!paused) {
            socket.resume();
        }
    }

    private @Nullable FromWorker read(byte[] payload) {
        try {
            return means.reader().read(payload);
        } catch (UnreadableMessageException e) {
            means.workers().ignored(e.why());
            return null;
        }
    }

    private void take(@Nullable FromWorker message) {
        if (message != null) {
            worker.accept(message);
        }
    }

    @Override
    public void closed() {
        worker.disconnected();
    }

    @Override
    public void send(ToWorker message) {
        socket.send(WireFrames.frame(WireFrames.TEXT, MessageWriter.json(message)));
    }

    @Override
    public boolean isCongested() {
        return socket.isCongested();
    }

    @Override
    public void probe() {
        socket.probe(PROBE_PATIENCE);
    }

    @Override
    public void pause() {
        paused = true;
        socket.pause();
    }

    @Override
    public void resume() {
        paused = false;
        if (later.isEmpty()) {
            socket.resume();
        }
    }

    @Override
    public void close() {
        socket.close(CloseCode.NONE, "");
    }

    @Override
    public Executor executor() {
        return socket.executor();
    }
}
