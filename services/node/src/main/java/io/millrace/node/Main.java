package io.millrace.node;

import io.millrace.node.command.Millrace;

/** Where the JVM begins. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(Millrace.run(args));
    }
}
