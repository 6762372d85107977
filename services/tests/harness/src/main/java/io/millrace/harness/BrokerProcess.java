package io.millrace.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import kafka.Kafka;
import org.apache.kafka.metadata.storage.Formatter;

/** One broker with its controller, as Kafka's own start script runs it, on ports and files that it keeps. */
public final class BrokerProcess implements AutoCloseable {
    private final BrokerPlace place;
    private JavaProcess process;

    private BrokerProcess(BrokerPlace place) {
        this.place = place;
        this.process = launched(place);
    }

    static BrokerProcess start(
            BrokerPlace place, List<BrokerPlace> all, String clusterId, Map<String, String> settings) {
        Properties given = settings(place, all);
        given.putAll(settings);
        try {
            Files.createDirectories(place.folder());
            try (Writer file = Files.newBufferedWriter(file(place))) {
                given.store(file, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        format(place, clusterId);
        return new BrokerProcess(place);
    }

    private static Path file(BrokerPlace place) {
        return place.folder().resolve("server.properties");
    }

    private static Path log(BrokerPlace place) {
        return place.folder().resolve("log");
    }

    private static JavaProcess launched(BrokerPlace place) {
        JavaCommand command = JavaCommand.of(Kafka.class, "256m")
                .at(place.host())
                .options(List.of("-Dlogback.configurationFile=logback-broker.xml"))
                .with(List.of(file(place).toString()));
        return JavaProcess.start(command, Map.of(), place.folder().resolve("broker.log"));
    }

    private static Properties settings(BrokerPlace place, List<BrokerPlace> all) {
        int copies = Math.min(BrokerCluster.COPIES, all.size());
        String most = Integer.toString(copies);
        String enough = Integer.toString(Math.max(1, copies - 1));
        Properties settings = new Properties();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(place.id()));
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put(
                "controller.quorum.voters", all.stream().map(BrokerPlace::voter).collect(Collectors.joining(",")));
        settings.put("listeners", place.clients() + "," + place.controller());
        settings.put("advertised.listeners", place.clients());
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
        settings.put("log.dirs", log(place).toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("unclean.leader.election.enable", "false");
        settings.put("default.replication.factor", most);
        settings.put("min.insync.replicas", enough);
        settings.put("offsets.topic.replication.factor", most);
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.replication.factor", most);
        settings.put("transaction.state.log.min.isr", enough);
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("share.coordinator.state.topic.replication.factor", most);
        settings.put("share.coordinator.state.topic.min.isr", enough);
        settings.put("share.coordinator.state.topic.num.partitions", "4");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        settings.put("add.partitions.to.txn.retry.backoff.ms", "1");
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");
        settings.put("group.min.session.timeout.ms", "1000");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        return settings;
    }

    private static void format(BrokerPlace place, String clusterId) {
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silent)
                    .setClusterId(clusterId)
                    .setNodeId(place.id())
                    .setControllerListenerName("CONTROLLER")
                    .setDirectories(List.of(log(place).toString()))
                    .setMetadataLogDirectory(log(place).toString())
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("broker folder " + place.folder() + " cannot be formatted", e);
        }
    }

    /** Host and port for clients. */
    public String address() {
        return place.host().port(place.port());
    }

    /** Where it runs. */
    public Host host() {
        return place.host();
    }

    /** The process of its present life. */
    public JavaProcess process() {
        return process;
    }

    void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException("broker " + place.id() + " has ended:\n" + process.output());
        }
    }

    /** Starts it again, on the same ports and files. It must have ended. */
    public void restart() {
        process = launched(place);
    }

    @Override
    public void close() {
        process.close();
    }
}
