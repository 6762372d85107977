package io.millrace.web.stream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    final AtomicInteger lagging = new AtomicInteger();
    final AtomicInteger caughtUp = new AtomicInteger();
    final AtomicInteger compressed = new AtomicInteger();
    final Queue<Integer> turnedAway = new ConcurrentLinkedQueue<>();
    final Queue<JoinRefusal> joinsRefused = new ConcurrentLinkedQueue<>();
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
    public void lagging() {
        lagging.incrementAndGet();
    }

    @Override
    public void caughtUp() {
        caughtUp.incrementAndGet();
    }

    @Override
    public void compressed(int plainBytes, int compressedBytes) {
        compressed.incrementAndGet();
    }

    @Override
    public void turnedAway(int status) {
        turnedAway.add(status);
    }

    @Override
    public void joinRefused(JoinRefusal why) {
        joinsRefused.add(why);
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
