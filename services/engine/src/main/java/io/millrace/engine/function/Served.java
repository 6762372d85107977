package io.millrace.engine.function;

import io.millrace.engine.function.Invoker.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Those who serve one function. */
record Served(List<Service> services, AtomicInteger turn) {
    static final Served NOBODY = new Served(List.of(), new AtomicInteger());

    Served with(Service service) {
        List<Service> all = new ArrayList<>(without(service.provider()).services());
        all.add(service);
        return new Served(List.copyOf(all), new AtomicInteger());
    }

    Served without(Provider provider) {
        return new Served(
                services.stream()
                        .filter(service -> !service.provider().equals(provider))
                        .toList(),
                new AtomicInteger());
    }

    /** The one to call among all that have not been tried. */
    @Nullable
    Provider choose(Set<Provider> tried) {
        return choose(provider -> !tried.contains(provider));
    }

    /** The one to call among those of this node. */
    @Nullable
    Provider chooseHere() {
        return choose(provider -> !(provider instanceof Remote));
    }

    /** Of the best rank the one with the fewest calls under way; those that are even take turns. */
    private @Nullable Provider choose(Predicate<Provider> eligible) {
        int count = services.size();
        int first = count == 1 ? 0 : Math.floorMod(turn.getAndIncrement(), count);
        Provider best = null;
        for (int i = 0; i < count; i++) {
            Provider other = services.get((first + i) % count).provider();
            if (eligible.test(other) && (best == null || isBetter(other, best))) {
                best = other;
            }
        }
        return best;
    }

    private static boolean isBetter(Provider other, Provider best) {
        int rank = rank(other);
        int bestRank = rank(best);
        return rank < bestRank || (rank == bestRank && other.inFlight() < best.inFlight());
    }

    /** Near before far, but far before one that does not take what it is sent. */
    private static int rank(Provider provider) {
        if (provider instanceof Remote remote) {
            return remote.isLeaving() ? 4 : remote.isCongested() ? 3 : 1;
        }
        return provider.isCongested() ? 2 : 0;
    }
}
