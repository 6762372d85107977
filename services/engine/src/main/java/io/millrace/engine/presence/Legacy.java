package io.millrace.engine.presence;

import io.millrace.core.value.Json;
import io.millrace.engine.gate.Visit;
import io.millrace.engine.port.PresenceLog;
import io.millrace.engine.presence.Departed.Gone;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds in the log what lives that have ended have left there, as far as there is room for it. */
final class Legacy {
    static final int MOST = 200_000;
    private static final long MOST_BYTES = 64L << 20;
    /** Of one in memory, beside its value. */
    private static final int OVERHEAD_BYTES = 200;

    private final PresenceConfig config;
    private final Means means;

    Legacy(PresenceConfig config, Means means) {
        this.config = config;
        this.means = means;
    }

    /**
     * What was found.
     *
     * @param gone in the order they came
     * @param empty the lives of which only the start is left
     * @param more whether there were more than there is room for
     */
    record Found(List<Gone> gone, Set<Life> empty, boolean more) {}

    /**
     * Looks. Fails when the log cannot be read.
     *
     * @param which those whose leaves are to be told
     * @param isHeld those that are known
     */
    CompletionStage<Found> read(Lives lives, Set<Life> which, Predicate<EntryKey> isHeld) {
        Search search = new Search(lives, which, isHeld);
        return means.log().read(search).thenApply(done -> search.found());
    }

    private final class Search implements PresenceLog.Visitor {
        private final Lives lives;
        private final Set<Life> which;
        private final Predicate<EntryKey> isHeld;
        private final Map<EntryKey, Json> found = new LinkedHashMap<>();
        private long bytes;
        private boolean more;

        Search(Lives lives, Set<Life> which, Predicate<EntryKey> isHeld) {
            this.lives = lives;
            this.which = which;
            this.isHeld = isHeld;
        }

        @Override
        public void visit(Json json, @Nullable Json value) {
            EntryKey key = EntryKey.of(json);
            if (key == null || key.isStart() || !which.contains(Life.of(key))) {
                return;
            }
            if (value == null) {
                Json removed = found.remove(key);
                bytes -= removed == null ? 0 : bytes(removed);
            } else if (!isHeld.test(key)) {
                add(key, value);
            }
        }

        private void add(EntryKey key, Json value) {
            boolean half = found.size() < MOST / 2 && bytes < MOST_BYTES / 2;
            boolean room = found.size() < MOST && bytes < MOST_BYTES;
            // Those nobody waits for must not keep out others.
            if (half || (room && isWanted(value))) {
                Json before = found.put(key, value);
                bytes += bytes(value) - (before == null ? 0 : bytes(before));
            } else {
                more = true;
            }
        }

        private boolean isWanted(Json value) {
            Visit visit = PresenceRecord.visit(value);
            return visit != null
                    && !means.gate().toldOfLeaves(visit.group().streamName()).isEmpty();
        }

        private static int bytes(Json value) {
            return value.sizeBytes() + OVERHEAD_BYTES;
        }

        Found found() {
            Set<Life> empty = which.stream().filter(lives::hasStart).collect(Collectors.toCollection(HashSet::new));
            found.keySet().forEach(key -> empty.remove(Life.of(key)));
            List<Gone> gone = found.entrySet().stream()
                    .flatMap(entry -> gone(entry.getKey(), entry.getValue()))
                    .toList();
            return new Found(gone, empty, more);
        }

        private Stream<Gone> gone(EntryKey key, Json value) {
            Visit visit = PresenceRecord.visit(value);
            long goneMs = Math.min(lives.goneMs(Life.of(key)), means.nowMs());
            return visit == null
                    ? Stream.empty()
                    : Stream.of(new Gone(key, visit, goneMs + config.keep().toMillis()));
        }
    }
}
