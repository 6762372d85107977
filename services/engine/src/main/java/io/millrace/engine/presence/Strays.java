package io.millrace.engine.presence;

import io.millrace.core.value.Json;
import io.millrace.engine.port.PresenceLog;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds what the log has of this life of this node and the registry has not. */
final class Strays {
    private static final int MOST = Journal.MOST_WAITING / 2;

    private final PresenceConfig config;
    private final PresenceLog log;
    private final Registry registry;
    private final Predicate<EntryKey> isKept;

    /** With {@code isKept} for those that have left the registry and are to stay in the log nevertheless. */
    Strays(PresenceConfig config, PresenceLog log, Registry registry, Predicate<EntryKey> isKept) {
        this.isKept = isKept;
        this.config = config;
        this.log = log;
        this.registry = registry;
    }

    /**
     * What was found.
     *
     * @param more whether there may be others
     */
    record Found(List<Long> numbers, boolean more) {}

    /** Looks. Fails when the log cannot be read. */
    CompletionStage<Found> seek() {
        Search search = new Search(registry.numbers());
        return log.read(search).thenApply(done -> search.found(registry.numbers()));
    }

    private final class Search implements PresenceLog.Visitor {
        private final long[] known;
        private final Set<Long> candidates = new TreeSet<>();
        private boolean more;

        Search(long[] known) {
            this.known = known;
        }

        @Override
        public void visit(Json json, @Nullable Json value) {
            EntryKey key = EntryKey.of(json);
            if (key == null
                    || key.isStart()
                    || key.startMs() != config.startMs()
                    || !key.node().equals(config.node())
                    || isKept.test(key)) {
                return;
            }
            if (value == null) {
                candidates.remove(key.number());
            } else if (Arrays.binarySearch(known, key.number()) < 0) {
                more |= candidates.size() >= MOST;
                if (candidates.size() < MOST) {
                    candidates.add(key.number());
                }
            }
        }

        /** Without those that have begun while we looked. */
        Found found(long[] nowKnown) {
            return new Found(
                    candidates.stream()
                            .filter(number -> Arrays.binarySearch(nowKnown, number) < 0)
                            .toList(),
                    more);
        }
    }
}
