package io.millrace.engine.route;

import io.millrace.core.address.Space;
import io.millrace.engine.peer.Peer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Which partitions the other nodes say that they serve. Of several, who has taken a partition over last is believed. */
final class Claims {
    private final Map<Space, AtomicReferenceArray<@Nullable Claim>> best = new EnumMap<>(Space.class);
    /** The latest barriers ever heard of: whoever serves since an earlier one is fenced, if perhaps without knowing. */
    private final Map<Space, AtomicLongArray> latest = new EnumMap<>(Space.class);
    /** Guarded by this, as is the choice of the best. */
    private final Map<Peer, Map<Owned.Partition, Long>> all = new LinkedHashMap<>();

    /** Wants to know who is believed. */
    @FunctionalInterface
    interface Changed {
        /** This node is believed to serve a partition from now on. */
        void to(Space space, int partition, Peer owner);
    }

    Claims(Map<Space, Integer> partitions) {
        partitions.forEach((space, count) -> {
            best.put(space, new AtomicReferenceArray<>(count));
            latest.put(space, Offsets.none(count));
        });
    }

    /** Who is believed to serve a partition; null if nobody is known to. */
    @Nullable
    Claim of(Space space, int partition) {
        return table(space).get(partition);
    }

    /** Since which barrier another node serves a partition; -1 if none does. */
    long since(Space space, int partition) {
        Claim claim = of(space, partition);
        return claim == null ? -1 : claim.since();
    }

    /** Whether it is known that somebody took a partition over after this barrier. */
    boolean isOutdated(Space space, int partition, long since) {
        AtomicLongArray offsets = latest.get(space);
        return offsets != null && since < offsets.get(partition);
    }

    synchronized void joined(Peer peer) {
        all.put(peer, new LinkedHashMap<>());
    }

    void told(Peer peer, Owned owned, Changed changed) {
        Map<Owned.Partition, Claim> news = new LinkedHashMap<>();
        synchronized (this) {
            Map<Owned.Partition, Long> claimed = all.get(peer);
            if (claimed == null) {
                return;
            }
            Set<Owned.Partition> touched = new LinkedHashSet<>(owned.since().keySet());
            if (owned.all()) {
                touched.addAll(claimed.keySet());
                claimed.clear();
            }
            owned.since().forEach((partition, since) -> {
                if (since < 0) {
                    claimed.remove(partition);
                } else {
                    claimed.put(partition, since);
                }
            });
            touched.forEach(partition -> choose(partition, news));
        }
        news.forEach((partition, claim) -> changed.to(partition.space(), partition.number(), claim.peer()));
    }

    void left(Peer peer, Changed changed) {
        Map<Owned.Partition, Claim> news = new LinkedHashMap<>();
        synchronized (this) {
            Map<Owned.Partition, Long> claimed = all.remove(peer);
            if (claimed != null) {
                List.copyOf(claimed.keySet()).forEach(partition -> choose(partition, news));
            }
        }
        news.forEach((partition, claim) -> changed.to(partition.space(), partition.number(), claim.peer()));
    }

    private void choose(Owned.Partition partition, Map<Owned.Partition, Claim> news) {
        AtomicReferenceArray<@Nullable Claim> table = best.get(partition.space());
        if (table == null || partition.number() < 0 || partition.number() >= table.length()) {
            return;
        }
        Claim chosen = null;
        AtomicLongArray offsets = latest.getOrDefault(partition.space(), Offsets.none(table.length()));
        for (Map.Entry<Peer, Map<Owned.Partition, Long>> each : all.entrySet()) {
            Long since = each.getValue().get(partition);
            if (since != null && since >= offsets.accumulateAndGet(partition.number(), since, Math::max)) {
                chosen = new Claim(each.getKey(), since);
            }
        }
        Claim before = table.getAndSet(partition.number(), chosen);
        if (chosen != null && !chosen.equals(before)) {
            news.put(partition, chosen);
        }
    }

    private AtomicReferenceArray<@Nullable Claim> table(Space space) {
        AtomicReferenceArray<@Nullable Claim> table = best.get(space);
        if (table == null) {
            throw new IllegalStateException("space " + space + ": no table (expected: one for each)");
        }
        return table;
    }
}
