package io.millrace.kafka;

import java.util.Properties;

/** What the embedded broker is started with: one node, a small machine, quick to start and to take over. */
final class BrokerSettings {
    static final String CLIENTS = "PLAINTEXT";

    /** The controller talks to this process only. */
    static final String LOOPBACK = "127.0.0.1";

    private BrokerSettings() {}

    static Properties of(EmbeddedBrokerConfig config) {
        Properties settings = new Properties();
        network(settings, config);
        oneReplica(settings);
        transactions(settings);
        settings.put("log.dirs", config.folder().toString());
        // A topic is created by whoever knows how it has to be, never by a typing error.
        settings.put("auto.create.topics.enable", "false");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
        settings.put("num.recovery.threads.per.data.dir", "2");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        // Consumers need not wait for each other: there are few.
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "1000");
        // A year: a subscription whose worker was away for the default week would begin anew and miss what came
        // meanwhile.
        settings.put("offsets.retention.minutes", "525600");
        return settings;
    }

    private static void network(Properties settings, EmbeddedBrokerConfig config) {
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(BrokerFolder.NODE_ID));
        settings.put("controller.listener.names", BrokerFolder.CONTROLLER);
        // Ports of 0 are replaced by the real ones while starting: nothing in the folder depends on a port.
        settings.put("controller.quorum.voters", BrokerFolder.NODE_ID + "@" + LOOPBACK + ":0");
        settings.put(
                "listeners",
                CLIENTS + "://" + bracketed(config.bindHost()) + ":" + config.port() + "," + BrokerFolder.CONTROLLER
                        + "://" + LOOPBACK + ":0");
        settings.put(
                "advertised.listeners", CLIENTS + "://" + bracketed(config.advertisedHost()) + ":" + config.port());
        settings.put(
                "listener.security.protocol.map", BrokerFolder.CONTROLLER + ":PLAINTEXT," + CLIENTS + ":PLAINTEXT");
        settings.put("inter.broker.listener.name", CLIENTS);
        // After kill -9 the controller lets the broker in again only when its old session has expired.
        settings.put("broker.session.timeout.ms", "2000");
        settings.put("broker.heartbeat.interval.ms", "300");
        // The default writes, and fsyncs, a record every half second for controllers that we do not have.
        settings.put("metadata.max.idle.interval.ms", "5000");
    }

    private static void oneReplica(Properties settings) {
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(topic + ".replication.factor", "1");
            // The default of 50 makes the first use slow.
            settings.put(topic + ".num.partitions", "4");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
    }

    private static void transactions(Properties settings) {
        // The first append of a transaction meets the markers of the one before and sleeps this long.
        settings.put("add.partitions.to.txn.retry.backoff.ms", "1");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        settings.put("producer.id.expiration.ms", Integer.toString(3_600_000));
    }

    private static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
