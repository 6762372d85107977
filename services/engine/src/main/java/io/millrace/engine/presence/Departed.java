package io.millrace.engine.presence;

import io.millrace.engine.gate.Guard;
import io.millrace.engine.gate.Visit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells the leaves of those who were subscribed when an earlier life of this node, or another one that it was chosen for,
 * ended without telling them; and leaves of this life that somebody has not taken. Each is told to every trigger that cares, as soon as it is there, again and again until it has been taken; those nobody has wanted for
 * long enough are forgotten. What is told is taken from the log a while later, for the sake of workers that come back
 * last; who dies meanwhile tells it once more.
 *
 * <p>Holds only so many in memory. Others stay in the log, and are looked for when there is room.
 */
final class Departed {
    /** So long after a trigger has come its like may come, too. */
    static final Duration SETTLE = Duration.ofMillis(250);
    /** So long what is told is kept for triggers that are not back yet. */
    static final Duration LINGER = Duration.ofSeconds(10);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** Those who leave now have the rest of what workers can take. */
    private static final int AT_ONCE = 64;
    /** Fewer than the journal takes, which others need too. */
    private static final int MOST_ENDING = Journal.MOST_WAITING / 5;
    /** The dead must have room, too. */
    private static final int MOST_RETRIED = Legacy.MOST / 4;

    private final Means means;
    private final Journal journal;
    private final Inheritance inheritance;

    private final Map<EntryKey, Gone> held = new LinkedHashMap<>();
    /** Those that are done with, as soon as that is written. */
    private final Map<EntryKey, Gone> ending = new HashMap<>();

    private final Deque<Telling> queue = new ArrayDeque<>();
    private int underWay;
    /** The log has others. */
    private boolean more;
    /** There may be room for them. */
    private boolean roomMade;
    /** Somebody may care for them. */
    private boolean woken;

    private boolean reading;
    /** Somebody has died: what was left is to be read as soon as nothing else is under way. */
    private boolean sought;
    /** A round is to come; an earlier one of another number is not any more. */
    private long rounds;

    private long dueMs = Long.MAX_VALUE;
    /** A round came too early. */
    private boolean again;

    private boolean failed;
    private Duration pause = FIRST_PAUSE;
    private Duration readPause = FIRST_PAUSE;
    /** More than zero while a thread tells: whoever comes meanwhile leaves it to that one. */
    private final AtomicInteger calls = new AtomicInteger();

    /** One leave, and to whom it is to be told. */
    private record Telling(Gone gone, Guard guard) {}

    /** One who has gone. */
    static final class Gone {
        private final EntryKey key;
        private final Visit visit;
        private final long forgetMs;
        private List<Guard> told = List.of();
        private long toldMs;
        /** Whether a trigger that cares has not taken it. */
        private boolean isMissing;

        /**
         * Told to nobody yet.
         *
         * @param forgetMs when not to try any longer
         */
        Gone(EntryKey key, Visit visit, long forgetMs) {
            this.key = key;
            this.visit = visit;
            this.forgetMs = forgetMs;
        }

        /** When it is done with, as things are: told to everybody for a while, or too old. */
        private long endMs() {
            return isMissing || told.isEmpty() ? forgetMs : Math.min(forgetMs, toldMs + LINGER.toMillis());
        }
    }

    Departed(PresenceConfig config, Means means, Journal journal, Others others) {
        this.means = means;
        this.journal = journal;
        this.inheritance = new Inheritance(config, means, others);
        means.gate().onLeaveGuards(this::wake);
    }

    /** Begins to look for them. */
    void start() {
        synchronized (this) {
            if (reading) {
                return;
            }
            reading = true;
        }
        execute(this::read);
    }

    /** This node has been chosen for a life of another one, which has ended. */
    void died(Life life) {
        inheritance.died(life);
        synchronized (this) {
            sought = true;
            woken = true;
            dueIn(Duration.ZERO);
        }
    }

    /** This node has been chosen for all that are not there and that nobody tells of. */
    void lookForGone() {
        var _ = inheritance.orphans().whenComplete((lives, failure) -> {
            if (lives != null) {
                lives.forEach(this::died);
            } else {
                means.events().unread(failure == null ? new IllegalStateException("no answer") : failure);
                var _ = means.scheduler().after(FIRST_PAUSE, () -> execute(this::lookForGone));
            }
        });
    }

    /**
     * A life has not ended after all: nothing of it is told any more.
     *
     * @return whether something may have been
     */
    boolean revived(Life life) {
        synchronized (this) {
            held.keySet().removeIf(key -> Life.of(key).equals(life));
            queue.removeIf(telling -> Life.of(telling.gone().key).equals(life));
        }
        return inheritance.revived(life);
    }

    /** Tries again to tell a leave of this life to those who have not taken it, if there is room. */
    synchronized boolean retry(EntryKey key, Visit visit, List<Guard> told, long forgetMs) {
        if (held.size() >= MOST_RETRIED) {
            return false;
        }
        Gone gone = new Gone(key, visit, forgetMs);
        gone.told = told;
        gone.toldMs = means.nowMs();
        held.put(key, gone);
        dueIn(pause);
        return true;
    }

    /** How many have been told to nobody yet, of those held. */
    synchronized int pending() {
        return (int) held.values().stream().filter(gone -> gone.told.isEmpty()).count();
    }

    private void execute(Runnable task) {
        try {
            means.executor().execute(task);
        } catch (RejectedExecutionException e) {
            // Everything is being closed.
        }
    }

    private void read() {
        var _ = inheritance.read(this::isHeld).whenComplete((found, failure) -> execute(() -> found(found, failure)));
    }

    /** Whether its leave is still to be told. */
    synchronized boolean isHeld(EntryKey key) {
        return held.containsKey(key);
    }

    private synchronized void found(Legacy.@Nullable Found found, @Nullable Throwable failure) {
        if (found == null) {
            means.events().unread(failure == null ? new IllegalStateException("no answer") : failure);
            var _ = means.scheduler().after(FIRST_PAUSE, () -> execute(this::read));
            return;
        }
        reading = false;
        more = found.more();
        found.gone().forEach(gone -> held.putIfAbsent(gone.key, gone));
        if (!more) {
            endStarts(found.empty());
        }
        dueIn(Duration.ZERO);
    }

    /** Later starts of a node tell when those of the earlier ones left: they stay as long as one of these does. */
    private void endStarts(Set<Life> empty) {
        Set<String> nodes = held.keySet().stream().map(EntryKey::node).collect(Collectors.toSet());
        for (Life life : empty) {
            if (!nodes.contains(life.node())) {
                var _ = journal.ended(life.startKey());
            }
        }
    }

    /** Somebody has come who may want to be told. */
    private synchronized void wake() {
        pause = FIRST_PAUSE;
        readPause = FIRST_PAUSE;
        woken = true;
        if (!held.isEmpty() || more) {
            dueIn(SETTLE);
        }
    }

    /** Has a round in so long, if none comes before. */
    private void dueIn(Duration delay) {
        long atMs = means.nowMs() + delay.toMillis();
        if (atMs < dueMs) {
            dueMs = atMs;
            long round = ++rounds;
            var _ = means.scheduler().after(delay, () -> execute(() -> round(round)));
        }
    }

    private void round(long round) {
        synchronized (this) {
            if (round != rounds) {
                return;
            }
            dueMs = Long.MAX_VALUE;
            if (underWay == 0 && queue.isEmpty() && !reading) {
                failed = false;
                look();
            } else {
                again = true;
            }
        }
        tell();
    }

    /** Goes through all that are held, and sees what is to be done with each. */
    private void look() {
        long nowMs = means.nowMs();
        boolean crowded = more && woken;
        List<Gone> over = new ArrayList<>();
        Iterator<Gone> all = held.values().iterator();
        while (all.hasNext()) {
            Gone gone = all.next();
            List<Guard> caring = means.gate().toldOfLeaves(gone.visit.group().streamName());
            List<Guard> missing =
                    caring.stream().filter(guard -> !gone.told.contains(guard)).toList();
            gone.isMissing = !missing.isEmpty();
            if (nowMs >= gone.endMs()) {
                if (ending.size() + over.size() < MOST_ENDING) {
                    all.remove();
                    over.add(gone);
                }
            } else if (crowded && caring.isEmpty() && gone.told.isEmpty()) {
                all.remove(); // still in the log: somebody else may need the place
            } else {
                missing.forEach(guard -> queue.add(new Telling(gone, guard)));
            }
        }
        over.forEach(this::end);
        if (queue.isEmpty()) {
            rest();
        }
    }

    private void end(Gone gone) {
        ending.put(gone.key, gone);
        var _ = journal.ended(gone.key).thenAccept(written -> execute(() -> ended(gone, written)));
    }

    private synchronized void ended(Gone gone, boolean written) {
        ending.remove(gone.key);
        boolean forgotten = gone.told.isEmpty();
        if (!written) {
            held.put(gone.key, gone);
            dueIn(Journal.PAUSE);
            return;
        }
        roomMade = true;
        if (forgotten) {
            means.events().forgotten();
        }
        if (ending.isEmpty()) {
            dueIn(Duration.ZERO);
        }
    }

    /** Nothing is to be told now: sees when there is something to be done again. */
    private void rest() {
        if (sought && ending.isEmpty()) {
            sought = false;
            reading = true;
            var _ = means.scheduler().after(Duration.ZERO, () -> execute(this::read));
            return;
        }
        if (held.isEmpty() && ending.isEmpty() && !more) {
            inheritance.finished().forEach(start -> {
                var _ = journal.ended(start);
            });
        }
        // What is done with must not be found again, only because that is not written yet.
        if (more && (woken || roomMade) && ending.isEmpty()) {
            reading = true;
            woken = false;
            roomMade = false;
            var _ = means.scheduler().after(readPause, () -> execute(this::read));
            readPause = doubled(readPause, Duration.ofMinutes(10));
            return;
        }
        if (again) {
            again = false;
            dueIn(SETTLE);
        }
        if (failed) {
            dueIn(pause);
            pause = doubled(pause, LONGEST_PAUSE);
        }
        long nextMs = held.values().stream().mapToLong(Gone::endMs).min().orElse(Long.MAX_VALUE);
        // If some are waiting to be ended, that goes on when others have been.
        if (nextMs != Long.MAX_VALUE && ending.isEmpty()) {
            dueIn(Duration.ofMillis(Math.max(1, nextMs - means.nowMs())));
        }
    }

    private static Duration doubled(Duration duration, Duration most) {
        Duration twice = duration.multipliedBy(2);
        return twice.compareTo(most) > 0 ? most : twice;
    }

    /** A loop and no recursion, however many are answered at once. */
    private void tell() {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            for (Telling next = next(); next != null; next = next()) {
                Telling telling = next;
                var _ = means.gate().tell(next.guard(), next.gone().visit).thenAccept(taken -> told(telling, taken));
            }
            seen = calls.addAndGet(-seen);
        }
    }

    private synchronized @Nullable Telling next() {
        Telling next = underWay < AT_ONCE ? queue.poll() : null;
        if (next != null) {
            underWay++;
        }
        return next;
    }

    private void told(Telling telling, boolean taken) {
        synchronized (this) {
            underWay--;
            Gone gone = telling.gone();
            if (taken) {
                if (gone.told.isEmpty()) {
                    means.events().told();
                }
                gone.told = with(gone.told, telling.guard());
                gone.toldMs = means.nowMs();
                gone.isMissing = false;
                pause = FIRST_PAUSE;
            }
            failed |= !taken;
            if (underWay == 0 && queue.isEmpty()) {
                rest();
            }
        }
        tell();
    }

    private static List<Guard> with(List<Guard> told, Guard guard) {
        if (told.isEmpty()) {
            return List.of(guard);
        }
        Guard[] all = told.toArray(new Guard[told.size() + 1]);
        all[told.size()] = guard;
        return List.of(all);
    }
}
