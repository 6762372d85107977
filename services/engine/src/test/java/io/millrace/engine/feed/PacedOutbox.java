package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Watches that the frames of one throttled subscription keep the interval they are to keep. */
final class PacedOutbox implements Outbox {
    private final Outbox inner;
    private final Duration interval;
    private final LongSupplier nowMs;
    private long lastMs = Long.MIN_VALUE / 2;

    PacedOutbox(Outbox inner, Duration interval, LongSupplier nowMs) {
        this.inner = inner;
        this.interval = interval;
        this.nowMs = nowMs;
    }

    /** Another subscription begins. */
    void joined() {
        lastMs = Long.MIN_VALUE / 2;
    }

    @Override
    public void sync(byte[] frame) {
        inner.sync(frame);
    }

    @Override
    public boolean offer(byte[] frame) {
        boolean taken = inner.offer(frame);
        if (taken && !Heard.of(frame).kind().equals("cursor")) {
            long now = nowMs.getAsLong();
            if (now != lastMs) {
                assertThat(now - lastMs)
                        .as("ms between two groups of frames")
                        .isGreaterThanOrEqualTo(interval.toMillis());
            }
            lastMs = now;
        }
        return taken;
    }

    @Override
    public void flush() {
        inner.flush();
    }
}
