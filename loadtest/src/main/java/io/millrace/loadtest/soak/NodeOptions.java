package io.millrace.loadtest.soak;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which node: one of our own, or one that runs. */
final class NodeOptions {
    @Option(names = "--home", description = "where our own node's ./millrace is")
    private Path home = Path.of(System.getProperty("millrace.home", "."));

    @Option(names = "--first-port", description = "our own node takes five from here")
    private int firstPort = 27_100;

    @Option(names = "--java-options", description = "for our own node's JVM, instead of its usual -Xmx1g")
    private String javaOptions = "";

    @Option(names = "--set", description = "a setting of our own node, such as gateway.ping-interval=10s")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--pid", description = "process of a node that runs; then its ports are given too")
    private long pid;

    @Option(names = "--gateway", description = "stream port of a node that runs")
    private URI gateway = URI.create("ws://localhost:3112");

    @Option(names = "--workers", description = "worker port of a node that runs")
    private URI workers = URI.create("ws://localhost:49134");

    @Option(names = "--admin", description = "admin port of a node that runs")
    private URI admin = URI.create("http://localhost:3113");

    /** Starts one, unless one is named, and waits until it is ready. */
    NodeUnderLoad open(String usualJavaOptions, List<String> usualSettings) {
        NodeUnderLoad node =
                pid != 0 ? new RunningNode(gateway, workers, admin, pid) : started(usualJavaOptions, usualSettings);
        new Admin(node.admin()).awaitReady();
        return node;
    }

    private NodeUnderLoad started(String usualJavaOptions, List<String> usualSettings) {
        List<String> all = new ArrayList<>(usualSettings);
        all.addAll(settings);
        return new StartedNode(home, firstPort, javaOptions.isEmpty() ? usualJavaOptions : javaOptions, all);
    }

    /** Says what is known of it where something has gone wrong. */
    static @Nullable Path log(NodeUnderLoad node) {
        return node instanceof StartedNode started ? started.log() : null;
    }
}
