package io.millrace.engine.write;

import io.millrace.core.address.Space;
import java.time.Duration;

/** Passes on what writers tell, and lets a watcher know when one begins to serve. */
public record WatchedEvents(WriteEvents events, Owners.Watcher watcher) implements WriteEvents {
    @Override
    public void answered(Space space, Answer answer) {
        events.answered(space, answer);
    }

    @Override
    public void committed(Space space, int partition, int mutations, long bytes, Duration took) {
        events.committed(space, partition, mutations, bytes, took);
    }

    @Override
    public void serving(Space space, int partition, Duration takeover) {
        watcher.changed(space, partition);
        events.serving(space, partition, takeover);
    }

    @Override
    public void inDoubt(Space space, int partition, int mutations, Throwable cause) {
        events.inDoubt(space, partition, mutations, cause);
    }

    @Override
    public void fenced(Space space, int partition, Throwable cause) {
        events.fenced(space, partition, cause);
    }

    @Override
    public void unavailable(Space space, int partition, Throwable cause) {
        events.unavailable(space, partition, cause);
    }

    @Override
    public void stopped(Space space, int partition, Throwable cause) {
        events.stopped(space, partition, cause);
    }

    @Override
    public void failed(Space space, int partition, Throwable cause) {
        events.failed(space, partition, cause);
    }

    @Override
    public void handedOver(Space space, int partition) {
        events.handedOver(space, partition);
    }

    @Override
    public void forgotten(Space space, int partition, int mutationIds) {
        events.forgotten(space, partition, mutationIds);
    }
}
