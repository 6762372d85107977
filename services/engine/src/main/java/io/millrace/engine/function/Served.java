package io.millrace.engine.function;

import io.millrace.engine.function.Invoker.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

    /** The one with the fewest calls under way; those that are even take turns. */
    @Nullable
    Provider choose() {
        int count = services.size();
        if (count == 0) {
            return null;
        }
        if (count == 1) {
            return services.getFirst().provider();
        }
        int first = Math.floorMod(turn.getAndIncrement(), count);
        Provider best = services.get(first).provider();
        for (int i = 1; i < count; i++) {
            Provider other = services.get((first + i) % count).provider();
            boolean freer = best.isCongested() && !other.isCongested();
            boolean alike = best.isCongested() == other.isCongested();
            if (freer || (alike && other.inFlight() < best.inFlight())) {
                best = other;
            }
        }
        return best;
    }
}
