package io.millrace.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/** Ports that stay free while nobody listens: outside the range from which outgoing connections take theirs. */
final class Ports {
    private Ports() {}

    static int free() {
        SplittableRandom random = new SplittableRandom();
        while (true) {
            int port = random.nextInt(20_000, 32_000);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // Taken: try another.
            }
        }
    }
}
