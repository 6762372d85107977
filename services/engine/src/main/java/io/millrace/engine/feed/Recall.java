package io.millrace.engine.feed;

import io.millrace.engine.feed.CatchUp.Answer.Found;
import io.millrace.engine.feed.CatchUp.Answer.Gone;
import io.millrace.engine.feed.CatchUp.Patience;
import io.millrace.engine.feed.Snapshots.Means;
import io.millrace.engine.port.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a followed partition told before: the last of it from memory, more of it from the log, which is read once for all
 * who ask. Guarded by its feed, which is entered again when the log has been read.
 */
final class Recall {
    /** A reading begins so many times earlier than it must, for others who come back from the same outage. */
    private static final int SLACK = 20;
    /** Nobody is served exactly who was away for longer than this part of the history. */
    private static final double SAFE_HISTORY = 0.9;

    /** How long there is more room after a reading: for those who come back a little later. */
    private static final Duration WIDE = Duration.ofSeconds(30);

    private final Object monitor;
    private final Supplier<Mark> now;
    private final Stamp stamp;
    private final Means means;
    private final Window window;
    private List<CatchUp> asking = new ArrayList<>();
    private @Nullable Replay reading;
    private int failures;
    private int readings;
    private boolean closed;

    /**
     * Nothing told yet after {@code start}.
     *
     * @param monitor to be held by all who call
     * @param now how far all has been told
     */
    Recall(Object monitor, Supplier<Mark> now, Stamp stamp, Means means, Mark start) {
        this.monitor = monitor;
        this.now = now;
        this.stamp = stamp;
        this.means = means;
        this.window = new Window(means.config().windowBytes(), start);
    }

    /** This has been told. */
    void add(Delivery delivery) {
        window.add(delivery);
    }

    /**
     * Answers, now or later.
     *
     * @param ask from no later than what has been told
     */
    void answer(CatchUp ask) {
        if (isTooOld(ask.patience())) {
            ask.answer(new Gone(Reset.TOO_OLD));
            return;
        }
        if (window.covers(ask.from())) {
            Target target = ask.target();
            Window.Lacking lacking = window.lacking(target.group(), target.itemId(), ask.from(), ask.mostBytes());
            ask.answer(new Found(lacking.deliveries(), lacking.all(), now.get()));
            return;
        }
        Reset refusal = refusal(ask);
        if (refusal != null) {
            ask.answer(new Gone(refusal));
        } else {
            asking.add(ask);
            read();
        }
    }

    /** Beyond the history the log lacks what compaction has taken, and so may the window where it was read again. */
    private boolean isTooOld(Patience patience) {
        long safeSeconds = (long) (means.config().history().toSeconds() * SAFE_HISTORY);
        return patience instanceof Patience.Cursor(long seconds)
                && seconds < means.clock().instant().getEpochSecond() - safeSeconds;
    }

    private @Nullable Reset refusal(CatchUp ask) {
        return switch (ask.patience()) {
            case Patience.None ignored -> Reset.BEHIND;
            case Patience.Log ignored -> isBeyondReach(ask.from()) ? Reset.TOO_OLD : null;
            case Patience.Cursor ignored -> isBeyondReach(ask.from()) ? Reset.TOO_OLD : null;
        };
    }

    private boolean isBeyondReach(Mark from) {
        return !from.covers(earliest());
    }

    private Mark earliest() {
        Mark floor = window.floor();
        int most = means.config().replayRecords();
        return new Mark(Math.max(-1, floor.change() - most), Math.max(-1, floor.event() - most));
    }

    private void read() {
        if (reading != null || asking.isEmpty() || closed) {
            return;
        }
        List<CatchUp> served = asking;
        Mark through = window.floor();
        int slack = means.config().replayRecords() / SLACK;
        long change = through.change();
        long event = through.event();
        for (CatchUp ask : served) {
            change = Math.min(change, ask.from().change());
            event = Math.min(event, ask.from().event());
        }
        Mark after = new Mark(change - slack, event - slack).orLater(earliest());
        Replay replay = new Replay(
                after, new Mark(change, event), through, means.config().windowBytes());
        reading = replay;
        asking = new ArrayList<>();
        window.widen(true);
        means.history().read(stamp.partition(), after, through, replay).whenComplete((found, failure) -> {
            synchronized (monitor) {
                reading = null;
                if (closed) {
                    return;
                }
                if (found == null) {
                    failed(served, failure);
                } else {
                    done(replay, found, served);
                }
            }
        });
    }

    private void done(Replay replay, Mark found, List<CatchUp> served) {
        failures = 0;
        means.events().replayed(stamp.partition(), replay.records());
        boolean fits = window.prepend(replay.deliveries(found, stamp), replay.after(found), replay.through());
        narrowLater();
        for (CatchUp ask : served) {
            boolean lost = fits && !window.covers(ask.from());
            if (lost) {
                ask.answer(new Gone(Reset.TOO_OLD));
            } else {
                answer(ask);
            }
        }
        List<CatchUp> waiting = asking;
        asking = new ArrayList<>();
        waiting.forEach(this::answer);
        read();
    }

    private void narrowLater() {
        int reading = ++readings;
        means.scheduler().after(WIDE, () -> {
            synchronized (monitor) {
                if (reading == readings) {
                    window.widen(false);
                }
            }
        });
    }

    private void failed(List<CatchUp> served, Throwable failure) {
        means.events().replayFailed(stamp.partition(), failure);
        asking.addAll(served);
        means.scheduler().after(means.config().retryDelay(failures++), () -> {
            synchronized (monitor) {
                read();
            }
        });
    }

    /** Nobody is answered any more. */
    void close() {
        closed = true;
        asking.clear();
    }
}
