package io.millrace.loadtest.soak;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How many frames of one group a core sends to many sockets. */
@Command(
        name = "fanout",
        description = "One group, many sockets: how many frames a second and core of the stream port's threads.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class FanOut implements Callable<Integer> {
    /** The node's own name of the threads that write to sockets. */
    private static final String WRITING = "XNIO-# I/O-#";

    @Mixin
    private NodeOptions node = new NodeOptions();

    @Option(names = "--sockets", description = "sockets that listen")
    private int sockets = 1_000;

    @Option(
            names = "--rates",
            split = ",",
            description = "changes a second, one after another; 0 is as fast as it goes")
    private List<Integer> rates = List.of(50, 100, 200, 0);

    @Option(names = "--in-flight", description = "changes under way at a time, where as fast as it goes")
    private int inFlight = 64;

    @Option(names = "--window", description = "seconds of each rate")
    private int window = 10;

    @Option(names = "--warm-up", description = "seconds before each")
    private int warmUp = 5;

    @Option(names = "--cursors", description = "whether the sockets ask for cursors")
    private boolean cursors;

    @Override
    public Integer call() throws InterruptedException {
        try (NodeUnderLoad opened = node.open("", List.of());
                Listeners listeners = new Listeners(opened.gateway(), "");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Admin admin = new Admin(opened.admin());
            listeners.open(sockets, "fanout", 1, cursors ? ",\"cursors\":true" : "");
            System.out.println(
                    "| changes/s asked | frames/s | frames a write | frames/s and core of the I/O threads | I/O threads "
                            + "| node | clients | lost |\n|--:|--:|--:|--:|--:|--:|--:|--:|");
            for (int rate : rates) {
                try (Pump pump = new Pump(opened.workers(), "fanout", "g0", rate, inFlight)) {
                    threads.execute(pump);
                    Thread.sleep(warmUp * 1_000L);
                    row(rate, opened, admin, listeners.counts());
                }
            }
        }
        return 0;
    }

    private void row(int rate, NodeUnderLoad opened, Admin admin, Listener.Counts counts) throws InterruptedException {
        Map<String, Double> meters = admin.meters();
        long frames = counts.frames().sum();
        long writing = Footprint.threads(opened.pid()).getOrDefault(WRITING, 0L);
        long nodeMs = Footprint.cpu(opened.pid()).toMillis();
        long ownMs = Footprint.cpu(ProcessHandle.current().pid()).toMillis();
        long beganNs = System.nanoTime();
        Thread.sleep(window * 1_000L);
        double seconds = (System.nanoTime() - beganNs) / 1e9;
        frames = counts.frames().sum() - frames;
        writing = Footprint.threads(opened.pid()).getOrDefault(WRITING, 0L) - writing;
        nodeMs = Footprint.cpu(opened.pid()).toMillis() - nodeMs;
        ownMs = Footprint.cpu(ProcessHandle.current().pid()).toMillis() - ownMs;
        Map<String, Double> later = admin.meters();
        double sent =
                later.getOrDefault("millrace_frames_total", 0.0) - meters.getOrDefault("millrace_frames_total", 0.0);
        double writes = later.getOrDefault("millrace_socket_writes_total", 0.0)
                - meters.getOrDefault("millrace_socket_writes_total", 0.0);
        System.out.printf(
                "| %s | %,.0f | %.1f | %,.0f | %.2f | %.2f | %.2f | %d |%n",
                rate == 0 ? "any" : Integer.toString(rate),
                frames / seconds,
                sent / Math.max(1, writes),
                frames / Math.max(0.001, writing / 1e3),
                writing / 1e3 / seconds,
                nodeMs / 1e3 / seconds,
                ownMs / 1e3 / seconds,
                counts.lost().sum());
    }
}
