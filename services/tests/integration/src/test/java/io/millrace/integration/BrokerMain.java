package io.millrace.integration;

import io.millrace.kafka.EmbeddedBroker;
import io.millrace.kafka.EmbeddedBrokerConfig;
import java.nio.file.Path;

/** A broker in a process of its own, so that nodes can be killed beside it. */
final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] args) throws InterruptedException {
        try (EmbeddedBroker broker =
                EmbeddedBroker.start(EmbeddedBrokerConfig.local(Path.of(args[0]), Integer.parseInt(args[1])))) {
            System.out.println("broker listens on " + broker.bootstrapServers());
            Thread.currentThread().join();
        }
    }
}
