package io.millrace.loadtest.soak;

import io.millrace.loadtest.soak.Manner.Pace;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** All the sockets. */
final class Crowd implements AutoCloseable {
    /** As many at a time: the others wait, as they would behind a full backlog. */
    private static final int ARRIVE_TOGETHER = 500;

    private static final int GROUPS_OF_A_LAGGARD = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CHURN_MS = 20;

    private final List<ClientLoop> loops;
    private final boolean plain;
    private final List<GroupLog> logs;
    private final Seat.Ledger ledger;
    private final List<Viewer> prompt = new ArrayList<>();
    private final List<Viewer> laggards = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(1);

    /**
     * Nobody yet.
     *
     * @param threads that read the sockets
     * @param plain whether all of them are as legacy clients are
     */
    Crowd(URI gateway, int threads, boolean plain, List<GroupLog> logs, Seat.Ledger ledger) {
        InetSocketAddress address = new InetSocketAddress(gateway.getHost(), gateway.getPort());
        this.loops = IntStream.range(0, threads)
                .mapToObj(number -> new ClientLoop(address, "sockets-" + number, ""))
                .toList();
        this.plain = plain;
        this.logs = logs;
        this.ledger = ledger;
    }

    /** Opens so many sockets that read what comes, and waits until each has its snapshot. */
    void open(int sockets) throws InterruptedException {
        for (int number = 0; number < sockets; number++) {
            Manner manner = plain ? Manner.plain(Pace.PROMPT) : Manner.prompt(number / logs.size());
            prompt.add(viewer(number, manner, List.of(logs.get(number % logs.size()))));
            if (number % ARRIVE_TOGETHER == ARRIVE_TOGETHER - 1) {
                awaitLive();
            }
        }
        awaitLive();
    }

    /** Opens so many sockets that listen to several groups and read too little of it, or nothing. */
    void openLaggards(int sockets, Pace pace) {
        for (int number = 0; number < sockets; number++) {
            List<GroupLog> some = new ArrayList<>();
            for (int i = 0; i < Math.min(GROUPS_OF_A_LAGGARD, logs.size()); i++) {
                some.add(logs.get((number + i) % logs.size()));
            }
            laggards.add(viewer(number, plain ? Manner.plain(pace) : Manner.lagging(pace, number), some));
        }
    }

    private Viewer viewer(int number, Manner manner, List<GroupLog> of) {
        ClientLoop loop = loops.get(number % loops.size());
        List<Seat> seats = of.stream().map(log -> new Seat(log, manner, ledger)).toList();
        Viewer viewer = new Viewer(loop, manner, seats, ledger, number);
        loop.execute(viewer::connect);
        return viewer;
    }

    /** Waits until all that read have what they joined for. */
    void awaitLive() throws InterruptedException {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        for (int waiting = waiting(); waiting > 0; waiting = waiting()) {
            if (System.nanoTime() - endNs > 0) {
                ledger.violations().add("sockets that wait for ever", waiting + " after " + PATIENCE);
                return;
            }
            Thread.sleep(20);
        }
    }

    private int waiting() {
        return loops.stream()
                .mapToInt(loop -> on(loop, () -> (int) prompt.stream()
                        .filter(viewer -> viewer.loop() == loop && !viewer.isLive())
                        .count()))
                .sum();
    }

    private static <T> T on(ClientLoop loop, Supplier<T> asked) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> answer.complete(asked.get()));
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Has so many sockets a second drop and come back, for a while. */
    void churn(double perSecond, Duration time) throws InterruptedException {
        long beginNs = System.nanoTime();
        long endNs = beginNs + time.toNanos();
        long done = 0;
        for (long nowNs = beginNs; nowNs - endNs < 0; nowNs = System.nanoTime()) {
            long due = (long) ((nowNs - beginNs) / 1e9 * perSecond);
            for (; done < due; done++) {
                Viewer viewer = prompt.get(random.nextInt(prompt.size()));
                viewer.loop().execute(viewer::reconnect);
            }
            TimeUnit.MILLISECONDS.sleep(CHURN_MS);
        }
    }

    /** Whoever loses its socket waits to be released. */
    void hold() {
        prompt.forEach(viewer -> viewer.loop().execute(viewer::hold));
    }

    /** All who have lost their sockets come back, together. */
    void release() {
        prompt.forEach(viewer -> viewer.loop().execute(viewer::release));
    }

    /** Those that did not read do so again. */
    void wake() {
        laggards.forEach(viewer -> viewer.loop().execute(viewer::wake));
    }

    /** Waits until everybody has seen everything; who does not in time has lost something. */
    void awaitEverything() throws InterruptedException {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        List<Viewer> all = new ArrayList<>(prompt);
        all.addAll(laggards);
        while (!all.isEmpty() && System.nanoTime() - endNs < 0) {
            all.removeIf(viewer -> lacks(viewer).isEmpty());
            Thread.sleep(50);
        }
        for (Viewer viewer : all) {
            ledger.violations().add("a view that is not what is stored", viewer.manner() + " lacks " + lacks(viewer));
        }
    }

    private static String lacks(Viewer viewer) {
        return on(viewer.loop(), viewer::lacks);
    }

    @Override
    public void close() {
        loops.forEach(ClientLoop::close);
    }
}
