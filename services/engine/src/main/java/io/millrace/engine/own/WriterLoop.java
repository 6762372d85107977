package io.millrace.engine.own;

import io.millrace.engine.write.Bell;
import io.millrace.engine.write.PartitionWriter;
import java.util.concurrent.locks.LockSupport;

/** Runs one writer on one thread until it is closed. */
final class WriterLoop implements Runnable {
    private final PartitionWriter writer;
    private final CommitTurns turns;

    WriterLoop(PartitionWriter writer, CommitTurns turns) {
        this.writer = writer;
        this.turns = turns;
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
            long restMicros = writer.isAboutToWrite() ? write() : writer.advance();
            if (restMicros > 0 && !writer.isClosed()) {
                writer.rest(restMicros);
            }
        }
        // Once more for those who asked while it was closing.
        writer.advance();
    }

    /** From taking what waits to the end of its transaction, however it ends. */
    private long write() {
        turns.enter();
        try {
            long restMicros = writer.advance();
            while (writer.isCommitting()) {
                restMicros = writer.advance();
            }
            return restMicros;
        } finally {
            turns.leave();
        }
    }
}
