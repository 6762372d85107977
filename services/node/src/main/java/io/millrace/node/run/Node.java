package io.millrace.node.run;

import io.millrace.node.config.NodeConfig;
import java.io.PrintWriter;

/** One node: the composition root. */
public final class Node {
    private Node() {}

    /** Runs until told to stop. Returns the exit code. */
    public static int run(NodeConfig config, PrintWriter out) {
        out.println(config);
        return 1;
    }
}
