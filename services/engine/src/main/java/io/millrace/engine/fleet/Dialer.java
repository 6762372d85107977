package io.millrace.engine.fleet;

/** Keeps connections to other nodes. Calls may come from any thread and return at once. */
public interface Dialer {
    /** Connects with a node, and again whenever the connection is lost, until {@link #disconnect}. */
    void connect(String node, String address);

    /** Connects with a node no longer; harmless if it did not. A connection there is ends by itself. */
    void disconnect(String node);
}
