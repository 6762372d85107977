package io.millrace.harness;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Linux network namespaces, one for each host, on one bridge on which this process has an address too. A way is cut by a
 * neighbour entry that leads nowhere, so packets vanish and nobody is told: no packet filter is needed, only {@code ip} and
 * the right to use it.
 */
final class Namespaces implements Network {
    /** Locally administered, and nobody's. */
    private static final String NOBODY = "02:00:00:00:00:01";

    private static final int TRIES = 50;

    private static final AtomicInteger OPENED = new AtomicInteger();

    /** Another one each time: interfaces go some time after their namespace. */
    private final String tag =
            "mr" + Long.toString(ProcessHandle.current().pid(), 36) + (char) ('a' + OPENED.getAndIncrement() % 26);

    private final String subnet;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final List<Cut> cuts = new ArrayList<>();
    private final Thread atExit = new Thread(this::remove, "namespaces");

    private Namespaces(String subnet) {
        this.subnet = subnet;
    }

    static Namespaces open() {
        Namespaces opened = new Namespaces(freeSubnet());
        Runtime.getRuntime().addShutdownHook(opened.atExit);
        try {
            opened.bridge();
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void bridge() {
        ip("link add " + tag + " type bridge");
        ip("addr add " + subnet + "1/24 dev " + tag);
        ip("link set " + tag + " up");
    }

    private static String freeSubnet() {
        try {
            List<String> taken = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(address -> address.getHostAddress())
                    .toList();
            for (int i = 0; i < TRIES; i++) {
                ThreadLocalRandom random = ThreadLocalRandom.current();
                String subnet = "10." + random.nextInt(180, 240) + "." + random.nextInt(256) + ".";
                if (taken.stream().noneMatch(address -> address.startsWith(subnet))) {
                    return subnet;
                }
            }
        } catch (SocketException e) {
            throw new IllegalStateException("addresses of this machine: " + e.getMessage(), e);
        }
        throw new IllegalStateException("subnets: none free in " + TRIES + " tries");
    }

    @Override
    public Host host(String name) {
        return hosts.computeIfAbsent(name, this::made);
    }

    private Host made(String name) {
        int number = hosts.size() + 2;
        String namespace = tag + "-" + name;
        String near = tag + "v" + number;
        String address = subnet + number;
        ip("netns add " + namespace);
        ip("link add " + near + " type veth peer name eth0 netns " + namespace);
        ip("link set " + near + " master " + tag + " up");
        ip("-n " + namespace + " addr add " + address + "/24 dev eth0");
        ip("-n " + namespace + " link set eth0 up");
        ip("-n " + namespace + " link set lo up");
        return new Host(name, address, List.of("ip", "netns", "exec", namespace));
    }

    @Override
    public boolean canBeCut() {
        return true;
    }

    @Override
    public void cut(Host from, Host to) {
        Cut cut = new Cut(tag + "-" + from.name(), to.address());
        ip("-n " + cut.namespace() + " neigh replace " + cut.address() + " lladdr " + NOBODY
                + " dev eth0 nud permanent");
        cuts.add(cut);
    }

    @Override
    public void mend() {
        cuts.forEach(cut -> ip("-n " + cut.namespace() + " neigh del " + cut.address() + " dev eth0"));
        cuts.clear();
    }

    private static void ip(String words) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words.split(" ", -1)));
        Command.run(command);
    }

    private void remove() {
        // Processes in them must be gone; interfaces go with their namespace.
        List<String> gone = new ArrayList<>();
        hosts.keySet().forEach(name -> gone.add("netns del " + tag + "-" + name));
        gone.add("link del " + tag);
        for (String words : gone) {
            try {
                ip(words);
            } catch (RuntimeException e) {
                // It never was there, or is gone already.
            }
        }
        hosts.clear();
    }

    @Override
    public void close() {
        remove();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private record Cut(String namespace, String address) {}
}
