package io.millrace.node.run;

import io.millrace.engine.port.MicroClock;
import java.time.Instant;

/** The machine's clock. */
final class WallClock implements MicroClock {
    @Override
    public long micros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
