package io.millrace.web.peer;

import io.millrace.web.socket.MessageSocket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** How much has come that has not been taken in; while it is much, no more is read. */
final class Intake {
    private static final long MUCH_BYTES = 8L << 20;
    private static final long LITTLE_BYTES = 2L << 20;

    private final MessageSocket socket;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean paused = new AtomicBoolean();

    Intake(MessageSocket socket) {
        this.socket = socket;
    }

    /** On the I/O thread only. */
    void entered(int count) {
        if (bytes.addAndGet(count) > MUCH_BYTES && !paused.get()) {
            socket.pause();
            paused.set(true);
            resumeIfLittle(bytes.get()); // all may have been taken in before it could be seen that it is paused
        }
    }

    void left(int count) {
        resumeIfLittle(bytes.addAndGet(-count));
    }

    private void resumeIfLittle(long left) {
        if (left <= LITTLE_BYTES && paused.compareAndSet(true, false)) {
            socket.resume();
        }
    }
}
