package io.millrace.engine.presence;

import io.millrace.core.value.Json;
import io.millrace.engine.port.PresenceLog;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The lives of nodes that have left something in the log, and who tells the leaves of each. */
final class Lives implements PresenceLog.Visitor {
    private final Life us;
    private final Others others;
    private final Deaths deaths;
    private final Map<Life, Json> starts = new LinkedHashMap<>();
    /** Those whose start is not in the log, for instance since Kafka was away then. */
    private final Set<Life> startless = new HashSet<>();

    /** Nothing yet, before the log is read. */
    Lives(Life us, Others others, Deaths deaths) {
        this.us = us;
        this.others = others;
        this.deaths = deaths;
    }

    @Override
    public void visit(Json json, @Nullable Json value) {
        EntryKey key = EntryKey.of(json);
        if (key == null) {
            return;
        }
        Life life = Life.of(key);
        if (!key.isStart()) {
            startless.add(life);
        } else if (value == null) {
            starts.remove(life);
        } else {
            starts.put(life, value);
        }
    }

    private Stream<Life> all() {
        return Stream.concat(starts.keySet().stream(), startless.stream()).distinct();
    }

    /** Those whose leaves are for this node to tell. */
    Set<Life> ours() {
        return all().filter(this::isOurs).collect(Collectors.toUnmodifiableSet());
    }

    private boolean isOurs(Life life) {
        if (life.equals(us) || deaths.wasWrongAbout(life)) {
            return false;
        }
        Claim claim = claim(life);
        Life teller = claim == null ? null : claim.teller();
        if (us.equals(teller)) {
            return true;
        }
        if (teller != null && isThere(teller)) {
            return false;
        }
        boolean inherited = teller != null && (isEarlier(teller) || deaths.include(teller));
        return isEarlier(life) || inherited || (deaths.include(life) && !isBack(life));
    }

    /** Those nobody tells of, and whose node, if it is there again, does not either. */
    Set<Life> orphans() {
        return all().filter(life -> !life.equals(us) && !isThere(life) && !isEarlier(life))
                .flatMap(life -> {
                    Claim claim = claim(life);
                    return claim == null ? Stream.of(life) : Stream.of(life, claim.teller());
                })
                .filter(life -> !life.equals(us) && !isThere(life))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether others must be told that this node tells its leaves. */
    boolean isToBeClaimed(Life life) {
        Claim claim = claim(life);
        return !isEarlier(life) && (claim == null || !claim.teller().equals(us));
    }

    /** When it has gone, as far as that is known. In milliseconds since 1970. */
    long goneMs(Life life) {
        long goneMs = isEarlier(life) ? us.startMs() : deaths.ofMs(life);
        Claim claim = claim(life);
        goneMs = claim == null ? goneMs : Math.min(goneMs, claim.goneMs());
        for (Life other : starts.keySet()) {
            if (isLater(other, life)) {
                goneMs = Math.min(goneMs, other.startMs());
            }
        }
        return goneMs;
    }

    /** Whether its start is in the log. */
    boolean hasStart(Life life) {
        return starts.containsKey(life);
    }

    /** A node that is there again tells the leaves of its earlier lives itself, if nobody has begun before. */
    private boolean isBack(Life life) {
        return starts.keySet().stream().anyMatch(other -> isLater(other, life) && isThere(other));
    }

    private static boolean isLater(Life other, Life life) {
        return other.node().equals(life.node()) && other.startMs() > life.startMs();
    }

    private boolean isEarlier(Life life) {
        return life.node().equals(us.node()) && life.startMs() != us.startMs();
    }

    private boolean isThere(Life life) {
        return life.equals(us) || (!life.node().equals(us.node()) && others.isThere(life.node(), life.startMs()));
    }

    private @Nullable Claim claim(Life life) {
        Json start = starts.get(life);
        return start == null ? null : Claim.of(start);
    }
}
