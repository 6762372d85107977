package io.millrace.engine.own;

import io.millrace.engine.write.Bell;
import io.millrace.engine.write.PartitionWriter;
import java.util.concurrent.locks.LockSupport;

/** Runs one writer on one thread until it is closed. */
final class WriterLoop implements Runnable {
    private final PartitionWriter writer;

    WriterLoop(PartitionWriter writer) {
        this.writer = writer;
    }

    @Override
    public void run() {
        Thread thread = Thread.currentThread();
        writer.bell().belongsTo(new Bell.Sleeper() {
            @Override
            public void rest(long micros) {
                LockSupport.parkNanos(writer, micros * 1_000);
            }

            @Override
            public void wake() {
                LockSupport.unpark(thread);
            }
        });
        while (!writer.isClosed()) {
            long restMicros = writer.advance();
            if (restMicros > 0 && !writer.isClosed()) {
                writer.rest(restMicros);
            }
        }
        // Once more for those who asked while it was closing.
        writer.advance();
    }
}
