package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.port.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that come and go on two nodes while somebody writes: nodes are killed and started again, time passes, the log
 * forgets, and now and then its topics are made anew. Each client's ledgers say whether it got what it must.
 */
final class Crowd {
    private static final Duration HISTORY = Duration.ofMinutes(2);
    /** How long events are kept. */
    private static final Duration EVENTS_KEPT = Duration.ofSeconds(40);

    /** Time does not pass much faster than work is done. */
    private static final Duration SOON = Duration.ofMillis(100);

    static final FeedsConfig CONFIG = new FeedsConfig(
            12 << 10,
            100,
            HISTORY,
            1 << 20,
            2,
            Duration.ofSeconds(1),
            Duration.ofMillis(10),
            Duration.ofMillis(80),
            Duration.ofMillis(20));

    final World world;
    final Plant plant;
    final List<SimulatedNode> nodes = new ArrayList<>();
    final List<Client> clients = new ArrayList<>();
    final Writer writer;

    Crowd(long seed, int size, Plant plant) {
        this.plant = plant;
        world = new World(seed, 2);
        writer = new Writer(world);
        plant.into(world);
        world.reads.failsOneIn = 5;
        world.history.failsOneIn = 5;
        world.history.forgetsAfter = plant == Plant.EVENTS_FORGET_WHAT_THEY_COME_AFTER;
        for (int i = 0; i < 2; i++) {
            nodes.add(started());
            nodes.get(i).tail.broken = 1;
        }
        for (int i = 0; i < size; i++) {
            clients.add(new Client(this));
        }
    }

    private SimulatedNode started() {
        SimulatedNode node = new SimulatedNode(world, CONFIG);
        node.tail.forgetsAfter = plant == Plant.EVENTS_FORGET_WHAT_THEY_COME_AFTER;
        return node;
    }

    SimulatedNode anyNode() {
        return nodes.get(world.random.nextInt(nodes.size()));
    }

    /** One thing happens: to a client, to the log, to a node, or some of the work that is waiting. */
    void live() {
        int chance = world.random.nextInt(1_000);
        if (chance < 500) {
            clients.get(world.random.nextInt(clients.size())).act();
        } else if (chance < 700) {
            writer.write(writer.anyGroup());
        } else if (chance < 760) {
            world.tasks.nextTimer(SOON);
        } else if (chance < 765) {
            restart(world.random.nextInt(nodes.size()));
        } else if (chance < 770) {
            timePasses();
        } else if (chance < 771) {
            makeTopicsAnew();
        }
        int steps = world.random.nextInt(4);
        for (int i = 0; i < steps; i++) {
            world.tasks.step();
        }
    }

    private void restart(int index) {
        nodes.get(index).kill();
        nodes.set(index, started());
    }

    /** Nothing happens for a while; the log forgets what it may. */
    void timePasses() {
        world.tasks.finish();
        world.tasks.pass(Duration.ofSeconds(world.random.nextInt(1, 150)));
        Duration kept = plant == Plant.COMPACTION_IS_EARLY ? Duration.ZERO : HISTORY;
        for (Topics topics : world.partitions) {
            if (world.random.nextBoolean()) {
                topics.compact(world.tasks.nowMs() - kept.toMillis());
            }
            if (world.random.nextBoolean()) {
                topics.expireEvents(world.tasks.nowMs() - EVENTS_KEPT.toMillis());
            }
            if (world.random.nextInt(8) == 0 && !topics.changes.isEmpty()) {
                topics.deleteChanges(topics.changes.firstKey() + world.random.nextInt(3));
            }
        }
        if (world.random.nextBoolean()) {
            restart(world.random.nextInt(nodes.size()));
        }
    }

    private void makeTopicsAnew() {
        String before = world.epoch;
        world.makeTopicsAnew();
        if (plant == Plant.EPOCH_STAYS) {
            world.epoch = before;
        }
        for (int i = 0; i < nodes.size(); i++) {
            restart(i);
        }
    }

    /** Of another partition, of other topics, or of what has not been written yet. */
    String foreignCursor(int partition) {
        long seconds = world.tasks.nowMs() / 1_000;
        Mark end = world.partitions.get(partition).end();
        Cursor cursor = switch (world.random.nextInt(3)) {
            case 0 -> new Cursor(world.epoch, 1 - partition, Mark.START, seconds);
            case 1 -> new Cursor("other", partition, Mark.START, seconds);
            default -> new Cursor(world.epoch, partition, new Mark(end.change() + 1_000, end.event()), seconds);
        };
        return cursor.toString();
    }

    /** Everybody is connected and reads whatever there is, until nothing more comes: each view is what the store holds. */
    void check() {
        boolean happened = true;
        while (happened) {
            world.tasks.finish();
            happened = false;
            for (Client client : clients) {
                happened |= client.settle();
            }
        }
        clients.forEach(Client::check);
        assertThat(nodes).as("open cuts").allMatch(node -> node.reads.open == 0);
    }
}
