package io.millrace.engine.feed;

import io.millrace.engine.port.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** One node's feeds with three lanes. Once killed, nothing of it ever runs again. */
final class SimulatedNode {
    final SimulatedTail tail;
    final SimulatedReads reads;
    final Feeds feeds;
    final List<Lane> lanes = new ArrayList<>();
    final List<Executor> executors = new ArrayList<>();
    private boolean alive = true;

    SimulatedNode(World world, FeedsConfig config) {
        tail = new SimulatedTail(world);
        reads = world.reads.another();
        Scheduler scheduler = (delay, task) -> world.tasks.after(delay, whileAlive(task));
        feeds = world.feeds(config, reads, tail, task -> world.tasks.loose(whileAlive(task)), scheduler);
        for (int i = 0; i < 3; i++) {
            Executor executor = world.tasks.executor();
            executors.add(task -> executor.execute(whileAlive(task)));
            lanes.add(feeds.lane(executors.getLast()));
        }
    }

    private Runnable whileAlive(Runnable task) {
        return () -> {
            if (alive) {
                task.run();
            }
        };
    }

    boolean isAlive() {
        return alive;
    }

    void kill() {
        alive = false;
        tail.stop();
    }
}
