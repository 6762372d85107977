package io.millrace.engine.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;

/** A connection that keeps what is sent, and runs what is to be taken in when it is told to. */
final class FakeLink implements Link {
    final List<ToWorker> sent = new ArrayList<>();
    final Queue<Runnable> tasks = new ArrayDeque<>();
    boolean congested;
    boolean paused;
    boolean closed;
    int probes;

    @Override
    public void send(ToWorker message) {
        sent.add(message);
    }

    @Override
    public boolean isCongested() {
        return congested;
    }

    @Override
    public void probe() {
        probes++;
        congested = true;
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public Executor executor() {
        return tasks::add;
    }

    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** The messages of one kind, in order. */
    <T extends ToWorker> List<T> got(Class<T> kind) {
        return sent.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <T extends ToWorker> T last(Class<T> kind) {
        return got(kind).getLast();
    }
}
