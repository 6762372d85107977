package io.millrace.fleet;

import io.millrace.harness.NodeProcess;
import io.millrace.testkit.linear.Answer;
import io.millrace.testkit.linear.Ask;
import io.millrace.testkit.linear.History;
import io.millrace.testkit.linear.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Clients that write and read a few keys at a time, all the same ones, at every node of a fleet, until told to end: values
 * and counters of state, and counters of a stream. Keys change with time, so that each has a history that can be checked.
 */
final class Traffic implements FleetClient.Told, AutoCloseable {
    private static final int SCOPES = 8;
    private static final int CLIENTS = 10;
    private static final int KEYS_AT_A_TIME = 5;
    private static final int CALLS_PER_KEY = 150;
    private static final int STREAM_ITEMS = 60;
    private static final int LONGEST_PAUSE_MS = 40;

    private final String name;
    private final History history = new History();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final AtomicInteger repeated = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> clients;
    private volatile boolean ended;

    /**
     * Begins.
     *
     * @param name of the group, and what scopes and mutation ids end or begin with
     */
    Traffic(List<NodeProcess> nodes, String name, long seed) {
        this.name = name;
        this.clients = IntStream.range(0, CLIENTS)
                .<Future<?>>mapToObj(number -> threads.submit(() -> run(number, nodes, seed)))
                .toList();
    }

    private Void run(int number, List<NodeProcess> nodes, long seed) throws InterruptedException {
        FleetClient client = new FleetClient(name + "-" + number, number, nodes, seed, this);
        Random random = new Random(seed * 7_919 + number);
        Map<String, Long> versions = new HashMap<>();
        while (!ended) {
            Place place = place(random);
            Operation operation = client.perform(place, ask(place, number, random, versions));
            history.add(operation);
            learn(operation, versions);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_PAUSE_MS));
        }
        return null;
    }

    private Place place(Random random) {
        int kind = random.nextInt(3);
        if (kind == 2) {
            return new Place(false, name, "%04d".formatted(random.nextInt(STREAM_ITEMS)));
        }
        int era = calls.incrementAndGet() / (2 * KEYS_AT_A_TIME * CALLS_PER_KEY);
        int key = era * KEYS_AT_A_TIME + random.nextInt(KEYS_AT_A_TIME);
        return new Place(
                true, (kind == 0 ? "values-" : "counters-") + key % SCOPES + "-" + name, "%06d".formatted(key));
    }

    private Ask ask(Place place, int number, Random random, Map<String, Long> versions) {
        boolean counter = place.unit().startsWith("counters") || !place.state();
        if (random.nextInt(3) == 0) {
            return new Ask.Get();
        }
        if (counter) {
            return new Ask.Add(1);
        }
        String value = number + "-" + calls.incrementAndGet();
        return switch (random.nextInt(8)) {
            case 0 -> new Ask.Remove();
            case 1, 2, 3 -> new Ask.PutIf(value, versions.getOrDefault(place.key(), 0L));
            default -> new Ask.Put(value);
        };
    }

    private static void learn(Operation operation, Map<String, Long> versions) {
        switch (operation.answer()) {
            case Answer.Seen seen -> {
                if (seen.version() != Answer.NOT_TOLD) {
                    versions.put(operation.key(), seen.version());
                }
            }
            case Answer.Written written -> versions.put(operation.key(), written.version());
            case Answer.Refused refused -> versions.put(operation.key(), refused.current());
            case Answer.Removed ignored -> versions.put(operation.key(), 0L);
            case Answer.Unknown ignored -> {}
        }
    }

    @Override
    public void acknowledged(String mutationId) {
        acknowledged.add(mutationId);
    }

    @Override
    public void surprised(String what) {
        surprises.add(what);
    }

    @Override
    public void again() {
        repeated.incrementAndGet();
    }

    /** Lets each client finish its call. */
    void end() throws Exception {
        ended = true;
        for (Future<?> client : clients) {
            client.get();
        }
    }

    History history() {
        return history;
    }

    /** The ids of the mutations that are known to have taken effect. */
    Set<String> acknowledged() {
        return acknowledged;
    }

    /** Answers that nobody should get. */
    List<String> surprises() {
        return List.copyOf(surprises);
    }

    /** For people: how much was done. */
    String summary() {
        List<Operation> operations = history.operations();
        long unknown =
                operations.stream().filter(operation -> !operation.isKnown()).count();
        return operations.size() + " operations, " + unknown + " of unknown outcome, " + acknowledged.size()
                + " acknowledged mutations, " + repeated.get() + " attempts repeated";
    }

    @Override
    public void close() {
        ended = true;
        threads.shutdownNow();
    }
}
