package io.millrace.web.stream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts. */
final class CountingEvents implements GatewayEvents {
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger joined = new AtomicInteger();
    final AtomicInteger synced = new AtomicInteger();
    final AtomicLong sentFrames = new AtomicLong();
    final AtomicLong writes = new AtomicLong();
    final AtomicInteger slowReaders = new AtomicInteger();
    final AtomicInteger unresponsive = new AtomicInteger();
    final AtomicInteger violations = new AtomicInteger();

    @Override
    public void opened() {
        opened.incrementAndGet();
    }

    @Override
    public void closed() {
        closed.incrementAndGet();
    }

    @Override
    public void joined() {
        joined.incrementAndGet();
    }

    @Override
    public void synced(int bytes) {
        synced.incrementAndGet();
    }

    @Override
    public void sent(int frames, int bytes) {
        sentFrames.addAndGet(frames);
        writes.incrementAndGet();
    }

    @Override
    public void slowReader() {
        slowReaders.incrementAndGet();
    }

    @Override
    public void unresponsive() {
        unresponsive.incrementAndGet();
    }

    @Override
    public void violation(int closeCode) {
        violations.incrementAndGet();
    }
}
