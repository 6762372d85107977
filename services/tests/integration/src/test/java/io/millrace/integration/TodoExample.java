package io.millrace.integration;

import io.millrace.harness.NodeJs;
import java.nio.file.Path;

/** The example, installed so that it lies to the client's modules as it does in the repository. */
final class TodoExample {
    private TodoExample() {}

    /** Gives the folder of {@code worker.mjs}. */
    static Path install() {
        NodeJs.copy(Path.of("../../../clients/js"), Path.of("target/npm/clients/js"));
        return NodeJs.install(Path.of("../../../examples/todo"), Path.of("target/npm/examples/todo"));
    }
}
