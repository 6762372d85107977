package io.millrace.harness;

import java.nio.file.Path;

/**
 * Where one broker of several is.
 *
 * @param id from 1
 * @param port for clients and the other brokers
 * @param controllerPort for controllers
 */
record BrokerPlace(int id, Host host, int port, int controllerPort, Path folder) {
    String clients() {
        return "PLAINTEXT://" + host.port(port);
    }

    String controller() {
        return "CONTROLLER://" + host.port(controllerPort);
    }

    String voter() {
        return id + "@" + host.port(controllerPort);
    }
}
