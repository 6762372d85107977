package io.millrace.engine.presence;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The nodes whose leaves this one has been chosen to tell: what they were until then. */
final class Deaths {
    private final Map<String, Death> deaths = new ConcurrentHashMap<>();

    /** Those that were thought to have ended, and have not. */
    private final Set<Life> alive = ConcurrentHashMap.newKeySet();

    /** All lives of a node that began until then. */
    private record Death(long untilMs, long noticedMs) {}

    void add(Life life, long nowMs) {
        alive.remove(life);
        deaths.merge(
                life.node(),
                new Death(life.startMs(), nowMs),
                (known, more) -> more.untilMs > known.untilMs ? more : known);
    }

    /** It lives after all. */
    void remove(Life life) {
        alive.add(life);
        deaths.computeIfPresent(life.node(), (node, death) -> death.untilMs < life.startMs() ? death : null);
    }

    boolean include(Life life) {
        Death death = deaths.get(life.node());
        return death != null && life.startMs() <= death.untilMs;
    }

    /** Whether it was thought to have ended, and has not. */
    boolean wasWrongAbout(Life life) {
        return alive.contains(life);
    }

    /** When the death of that node was noticed; the end of time if it was not. */
    long ofMs(Life life) {
        Death death = deaths.get(life.node());
        return death == null ? Long.MAX_VALUE : death.noticedMs;
    }
}
