package io.millrace.web.worker;

import io.millrace.engine.worker.WorkerEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what is ignored, once in a while, as whoever sends nonsense sends much of it; and what of ours has failed. */
final class IgnoredMessages implements WorkerEvents {
    private static final Logger LOG = LoggerFactory.getLogger(IgnoredMessages.class);
    private static final long INTERVAL_NANOS = 1_000_000_000L;
    private static final int SHOWN_CHARS = 200;

    private long lastNanos = System.nanoTime() - INTERVAL_NANOS;
    private long more;

    @Override
    public void broken(String what, Throwable why) {
        LOG.atError().setCause(why).addKeyValue("what", what).log("message of a worker met a bug");
    }

    @Override
    public void ignored(String why) {
        long unlogged;
        synchronized (this) {
            long nowNanos = System.nanoTime();
            if (nowNanos - lastNanos < INTERVAL_NANOS) {
                more++;
                return;
            }
            lastNanos = nowNanos;
            unlogged = more;
            more = 0;
        }
        LOG.atWarn()
                .addKeyValue("why", why.length() <= SHOWN_CHARS ? why : why.substring(0, SHOWN_CHARS))
                .addKeyValue("unlogged", unlogged)
                .log("message of a worker ignored");
    }
}
