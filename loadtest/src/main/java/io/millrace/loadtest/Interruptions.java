package io.millrace.loadtest;

import io.millrace.core.address.Space;
import io.millrace.engine.write.WriteEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what interrupts the writers: callers only see an answer that took long. */
final class Interruptions implements WriteEvents {
    private static final Logger LOG = LoggerFactory.getLogger(Interruptions.class);

    @Override
    public void inDoubt(Space space, int partition, int mutations, Throwable cause) {
        interrupted("transaction in doubt", space, partition, cause);
    }

    @Override
    public void fenced(Space space, int partition, Throwable cause) {
        interrupted("writer fenced", space, partition, cause);
    }

    @Override
    public void unavailable(Space space, int partition, Throwable cause) {
        interrupted("log unavailable", space, partition, cause);
    }

    @Override
    public void stopped(Space space, int partition, Throwable cause) {
        interrupted("writer stopped", space, partition, cause);
    }

    @Override
    public void failed(Space space, int partition, Throwable cause) {
        interrupted("mutation failed", space, partition, cause);
    }

    private static void interrupted(String what, Space space, int partition, Throwable cause) {
        LOG.atWarn()
                .addKeyValue("space", space)
                .addKeyValue("partition", partition)
                .addKeyValue("cause", cause.getMessage())
                .log(what);
    }
}
