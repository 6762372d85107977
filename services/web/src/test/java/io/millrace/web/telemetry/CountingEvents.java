package io.millrace.web.telemetry;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what becomes of telemetry. */
final class CountingEvents implements TelemetryEvents {
    final List<String> taken = new CopyOnWriteArrayList<>();
    final AtomicInteger garbled = new AtomicInteger();
    final AtomicInteger forwarded = new AtomicInteger();
    final AtomicInteger lost = new AtomicInteger();

    @Override
    public void taken(String kind) {
        taken.add(kind);
    }

    @Override
    public void garbled() {
        garbled.incrementAndGet();
    }

    @Override
    public void forwarded() {
        forwarded.incrementAndGet();
    }

    @Override
    public void lost() {
        lost.incrementAndGet();
    }
}
