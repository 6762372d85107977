package io.millrace.node;

/** Where the JVM begins. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.out.println("hi " + String.join(" ", args));
    }
}
