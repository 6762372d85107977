package io.millrace.web.worker;

import io.millrace.engine.worker.FromWorker;
import io.millrace.engine.worker.Link;
import io.millrace.engine.worker.ToWorker;
import io.millrace.engine.worker.Worker;
import io.millrace.engine.worker.Workers;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.MessageSocket;
import io.millrace.web.socket.WireFrames;
import io.millrace.web.telemetry.Telemetry;
import java.util.concurrent.Executor;

/** A worker's connection. */
final class WorkerSocket implements MessageSocket.Listener, Link {
    private final MessageSocket socket;
    private final MessageReader reader;
    private final Workers workers;
    private final Telemetry telemetry;
    private final Worker worker;

    WorkerSocket(MessageSocket socket, MessageReader reader, Workers workers, Telemetry telemetry, String address) {
        this.socket = socket;
        this.reader = reader;
        this.workers = workers;
        this.telemetry = telemetry;
        this.worker = workers.connect(this, address);
    }

    @Override
    public void message(boolean text, byte[] payload) {
        if (!text && TelemetrySocket.isTelemetry(payload)) {
            telemetry.accept(payload);
            return;
        }
        try {
            FromWorker message = reader.read(payload);
            if (message != null) {
                worker.accept(message);
            }
        } catch (UnreadableMessageException e) {
            workers.ignored(e.why());
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
    public void pause() {
        socket.pause();
    }

    @Override
    public void resume() {
        socket.resume();
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
