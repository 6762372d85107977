package io.millrace.loadtest.soak;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Thousands of sockets, some of them dead, slow or coming and going: whether every one sees all there is. */
@Command(
        name = "soak",
        description = "Thousands of live sockets on one node: does each see every change, once and in order?",
        subcommands = {IdleSockets.class, FanOut.class},
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class Soak implements Callable<Integer> {
    @Mixin
    private NodeOptions node = new NodeOptions();

    @Option(names = "--sockets", description = "sockets that read what comes")
    private int sockets = 5_000;

    @Option(names = "--groups", description = "groups they listen to")
    private int groups = 50;

    @Option(names = "--items", description = "items of each group, there or not")
    private int items = 10;

    @Option(names = "--rate", description = "changes a second, of all groups together")
    private int rate = 1_000;

    @Option(names = "--event-every", description = "an event after so many changes; 0 for none")
    private int eventEvery = 10;

    @Option(names = "--seconds", description = "how long sockets come and go")
    private int seconds = 60;

    @Option(names = "--calm", description = "how long nobody comes or goes: once without and once with those who stall")
    private int calm = 15;

    @Option(names = "--settle", description = "how long it takes until figures count")
    private int settle = 5;

    @Option(names = "--reconnecting", description = "percent of the sockets that drop and come back each second")
    private double reconnecting = 5;

    @Option(names = "--stalled", description = "percent of the sockets, in addition, that read nothing")
    private double stalled = 1;

    @Option(names = "--slow", description = "percent of the sockets, in addition, that read less than comes")
    private double slow = 1;

    @Option(names = "--threads", description = "that read the sockets")
    private int threads = 1;

    @Option(names = "--plain", description = "no socket asks for cursors or for the newest only")
    private boolean plain;

    @Option(names = "--kill", description = "kill the node and start it again, at last")
    private boolean kill;

    @Option(names = "--heap-growth", description = "by how many MiB the node's live heap may grow under load")
    private int heapGrowth = 256;

    @Option(
            names = "--timing",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "whether it matters that those who stall delay the others")
    private boolean timing = true;

    /**
     * How a soak goes.
     *
     * @param reconnecting percent of the sockets each second; {@code stalled} and {@code slow} are percents too
     * @param heapGrowth MiB
     * @param timing whether delays are violations
     */
    record Plan(
            int sockets,
            int groups,
            int items,
            int rate,
            int eventEvery,
            Duration churn,
            Duration calm,
            Duration settle,
            double reconnecting,
            double stalled,
            double slow,
            int threads,
            boolean plain,
            boolean kill,
            int heapGrowth,
            boolean timing) {}

    /** Runs it and ends the JVM: 0 when nobody missed anything. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Soak()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        Plan plan = new Plan(
                sockets,
                groups,
                items,
                rate,
                eventEvery,
                Duration.ofSeconds(seconds),
                Duration.ofSeconds(calm),
                Duration.ofSeconds(settle),
                reconnecting,
                stalled,
                slow,
                threads,
                plain,
                kill,
                heapGrowth,
                timing);
        try (NodeUnderLoad opened = node.open("", List.of())) {
            Violations violations = new SoakRun(plan, opened, System.out).run();
            System.out.print(violations.isEmpty() ? "no violations\n" : violations.toString());
            return violations.isEmpty() ? 0 : 1;
        }
    }
}
