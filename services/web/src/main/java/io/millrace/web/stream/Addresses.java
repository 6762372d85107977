package io.millrace.web.stream;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How many connections each address has, if that is limited. Thread-safe. */
final class Addresses {
    /** Above an IPv4 address, where no IPv6 address of a client has it: these are multicast. */
    private static final long IPV4 = 0xffffffffL << 32;

    private final int most;
    private final ConcurrentHashMap<Long, Integer> connections = new ConcurrentHashMap<>();

    /** At most so many of each; 0 for any number. */
    Addresses(int most) {
        this.most = most;
    }

    /** What an address counts as: all of IPv4, the network of IPv6, since its other half is for the client to choose. */
    static long of(@Nullable InetSocketAddress peer) {
        InetAddress address = peer == null ? null : peer.getAddress();
        if (address == null) {
            return 0; // it has gone already
        }
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address ? bytes.getLong() : IPV4 | (bytes.getInt() & 0xffffffffL);
    }

    boolean hasRoom(long address) {
        return most == 0 || connections.getOrDefault(address, 0) < most;
    }

    void entered(long address) {
        if (most > 0) {
            connections.merge(address, 1, Integer::sum);
        }
    }

    void left(long address) {
        if (most > 0) {
            connections.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        }
    }
}
