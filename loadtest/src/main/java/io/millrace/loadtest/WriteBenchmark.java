package io.millrace.loadtest;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures write acknowledgement and throughput, one target after another under each load, on the same broker. */
@Command(
        name = "WriteBenchmark",
        description = "Measures write acknowledgement and throughput.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class WriteBenchmark implements Callable<Integer> {
    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka to load; without it a broker is started in this process")
    private @Nullable String bootstrap;

    @Option(names = "--targets", split = ",", description = "what is loaded: ${COMPLETION-CANDIDATES}")
    private List<TargetKind> targets = List.of(TargetKind.values());

    @Option(names = "--rates", split = ",", description = "open-loop loads, writes per second")
    private List<Integer> rates = List.of(200, 5_000);

    @Option(names = "--in-flight", description = "the closed-loop load, writes under way; 0 for none")
    private int inFlight = 8_192;

    @Option(names = "--partitions", description = "partitions written to")
    private int partitions = 8;

    @Option(names = "--keys", description = "different keys")
    private int keys = 10_000;

    @Option(names = "--scopes", description = "scopes over which the keys are spread")
    private int scopes = 256;

    @Option(names = "--value-bytes", description = "size of each value")
    private int valueBytes = 200;

    @Option(names = "--warm-up", description = "seconds not counted, for each run")
    private int warmUpSeconds = 8;

    @Option(names = "--window", description = "seconds counted, for each run")
    private int windowSeconds = 15;

    @Option(names = "--rounds", description = "how often everything is repeated")
    private int rounds = 1;

    /** Runs the benchmark and ends the JVM: 0 when everything was measured. */
    public static void main(String[] args) {
        System.setProperty("logback.configurationFile", "logback-loadtest.xml");
        System.exit(new CommandLine(new WriteBenchmark())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() {
        PrintStream out = System.out;
        Workload workload = new Workload(keys, scopes, valueBytes);
        List<Measured> measured = new ArrayList<>();
        try (Broker broker = open()) {
            out.println(heading(broker));
            out.println(Table.HEAD);
            for (int round = 0; round < rounds; round++) {
                for (Load load : loads()) {
                    for (TargetKind kind : targets) {
                        try (WriteTarget target = kind.open(broker, partitions, workload)) {
                            Measured run = new LoadRun(target, workload).measure(load);
                            measured.add(run);
                            out.println(Table.row(run));
                        }
                    }
                }
            }
        }
        Table.ratios(measured).forEach(out::println);
        return 0;
    }

    private Broker open() {
        return bootstrap == null ? Broker.Embedded.start() : new Broker.Foreign(bootstrap);
    }

    private List<Load> loads() {
        Duration warmUp = Duration.ofSeconds(warmUpSeconds);
        Duration window = Duration.ofSeconds(windowSeconds);
        Stream<Load> open = rates.stream().map(rate -> new Load.Open(rate, warmUp, window));
        Stream<Load> closed = inFlight == 0 ? Stream.of() : Stream.of(new Load.Closed(inFlight, warmUp, window));
        return Stream.concat(open, closed).toList();
    }

    private String heading(Broker broker) {
        return "%d-byte values, %,d keys in %d scopes, %d partitions, %s, %d cores, Java %s%n"
                .formatted(
                        valueBytes,
                        keys,
                        scopes,
                        partitions,
                        broker.description(),
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version());
    }
}
