package io.millrace.harness;

/** What a nemesis does to nodes and brokers; each is mended after a while. Numbers count from 0. */
public sealed interface Fault {
    /** {@code kill -9}, and up again when mended. */
    record KillNode(int node) implements Fault {}

    /** SIGSTOP, and SIGCONT when mended: it does not know that time has passed. */
    record StallNode(int node) implements Fault {}

    /** A planned stop, and up again when mended. */
    record RestartNode(int node) implements Fault {}

    /** Nothing passes between a node and the brokers, in either direction. */
    record CutFromKafka(int node) implements Fault {}

    /** Nothing passes between a node and the other nodes, in either direction. */
    record CutFromPeers(int node) implements Fault {}

    /** Nothing passes between a node and all others; clients still reach it. */
    record CutFromAll(int node) implements Fault {}

    /** What a node sends to the others does not arrive; what they send does. */
    record Mute(int node) implements Fault {}

    /** {@code kill -9}, and up again when mended. */
    record KillBroker(int broker) implements Fault {}

    /** SIGSTOP, and SIGCONT when mended. */
    record StallBroker(int broker) implements Fault {}

    /** A planned stop, and up again when mended. */
    record RestartBroker(int broker) implements Fault {}

    /** Whether it needs a network that can be cut. */
    default boolean ofNetwork() {
        return switch (this) {
            case CutFromKafka ignored -> true;
            case CutFromPeers ignored -> true;
            case CutFromAll ignored -> true;
            case Mute ignored -> true;
            case KillNode ignored -> false;
            case StallNode ignored -> false;
            case RestartNode ignored -> false;
            case KillBroker ignored -> false;
            case StallBroker ignored -> false;
            case RestartBroker ignored -> false;
        };
    }
}
