package io.millrace.web.endpoint;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts calls under way, so that one worker's slow endpoints take nothing from those of others. */
final class InFlight {
    private final Map<String, Integer> underWay = new ConcurrentHashMap<>();
    private final int most;

    InFlight(int most) {
        this.most = most;
    }

    /** Returns whether one more may be made. */
    boolean enter(String workerId) {
        // One too many is counted for the moment that it takes to see it.
        if (underWay.merge(workerId, 1, Integer::sum) <= most) {
            return true;
        }
        leave(workerId);
        return false;
    }

    void leave(String workerId) {
        underWay.computeIfPresent(workerId, (id, count) -> count == 1 ? null : count - 1);
    }

    int of(String workerId) {
        return underWay.getOrDefault(workerId, 0);
    }
}
