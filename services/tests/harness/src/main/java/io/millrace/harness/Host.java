package io.millrace.harness;

import java.util.List;

/**
 * Where processes run and listen.
 *
 * @param name for people
 * @param address on which its processes listen, and others reach them
 * @param entering the words before a command that make it run there
 */
public record Host(String name, String address, List<String> entering) {
    /** This machine's loopback address. */
    public static final Host LOOPBACK = new Host("this machine", "127.0.0.1", List.of());

    /** Copies the words. */
    public Host {
        entering = List.copyOf(entering);
    }

    /** A port on it as others name it. */
    public String port(int port) {
        return address + ":" + port;
    }
}
