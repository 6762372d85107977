package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail.Told;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one client hears about one wish over its whole life, across connections, nodes and resets: snapshots are the fold of
 * the log, what follows is right for its mode, cursors say exactly how far it has got, and resets come for a reason.
 */
final class Ledger {
    private static final int LAST_STEPS = 12;

    private final World world;
    private final FeedsConfig config;
    private final Wish wish;
    private final boolean cursors;
    private final Account account;
    private final Map<String, JsonNode> view = new TreeMap<>();
    /** Whether the view is that of the account; else a snapshot has to come first. */
    private boolean whole;

    private @Nullable String asked;
    private boolean unknown;
    private boolean resetHeard;
    /** Where the log ended when everything from then on was to be told; null if nobody promised. */
    private @Nullable Mark joinedAt;

    /** Where it may have begun to follow events. */
    private Mark enteredAt = Mark.START;

    private Mark heardMark = Mark.START;
    private @Nullable String cursor;
    /** What happened last, for those who have to find out why a law is broken. */
    private final Deque<String> story = new ArrayDeque<>();

    Ledger(World world, FeedsConfig config, Wish wish, boolean cursors, Account account) {
        this.world = world;
        this.config = config;
        this.wish = wish;
        this.cursors = cursors;
        this.account = account;
    }

    /** The last one heard. */
    @Nullable
    String cursor() {
        return cursor;
    }

    /**
     * A subscription begins.
     *
     * @param followed whether the partition's tail tells everything from now on
     * @param toldThen how far it has told; null if it does not
     */
    void joining(@Nullable String with, boolean followed, @Nullable Mark toldThen) {
        note("joins with " + with + (followed ? ", followed" : ""));
        Topics log = world.partition(wish.group());
        asked = with;
        resetHeard = false;
        enteredAt = toldThen == null ? log.end() : toldThen;
        joinedAt = followed ? log.end() : null;
        Cursor read = with == null ? null : known(with);
        unknown = with != null && read == null;
        whole = read != null && account.standsAt(read.mark());
        heardMark = read == null ? Mark.START : read.mark();
    }

    /** Reads a cursor; null if it is none of this wish's. */
    private @Nullable Cursor known(String text) {
        Cursor read = Cursor.parse(text);
        boolean ours = read != null
                && read.epoch().equals(world.epoch)
                && read.partition() == wish.group().partition(world.partitions.size())
                && world.partition(wish.group()).end().covers(read.mark());
        return ours ? read : null;
    }

    void heard(Heard heard) {
        note(heard.frame() + " " + heard.cursor());
        try {
            take(heard);
        } catch (AssertionError e) {
            throw told(e);
        }
    }

    private void note(String step) {
        story.addLast(step);
        if (story.size() > LAST_STEPS) {
            story.removeFirst();
        }
    }

    private AssertionError told(AssertionError broken) {
        String message = wish + ", " + account + ": " + broken.getMessage() + "\n" + String.join("\n", story);
        return new AssertionError(message, broken);
    }

    private void take(Heard heard) {
        switch (heard.kind()) {
            case "sync" -> sync(heard);
            case "reset" -> reset(heard);
            case "cursor" ->
                assertThat(cursors && whole).as("cursor of a whole view").isTrue();
            default -> told(heard);
        }
        checkCursor(heard);
    }

    private void told(Heard heard) {
        assertThat(whole).as("a snapshot before what follows").isTrue();
        Told told = Objects.requireNonNull(world.partition(wish.group()).find(heard.frame()), heard.frame());
        account.told(told);
        fold(view, told);
    }

    private static void fold(Map<String, JsonNode> view, Told told) {
        JsonNode event = told.frame().tree().path("event");
        String type = event.path("type").asString();
        if (type.equals("delete")) {
            view.remove(Wish.itemOf(told));
        } else if (!type.equals("event")) {
            view.put(String.valueOf(Wish.itemOf(told)), event.path("data"));
        }
    }

    private void reset(Heard heard) {
        assertThat(resetHeard && !whole).as("another reset without a snapshot").isFalse();
        switch (heard.reason()) {
            case "unknown" ->
                assertThat(unknown).as("that %s is unknown", asked).isTrue();
            case "too_old" ->
                assertThat(isTooOld()).as("that %s is too old", asked).isTrue();
            case "behind" -> {
                assertThat(whole).as("behind what").isTrue();
                assertThat(isBeyondWindow(place()))
                        .as("that what follows is not in memory")
                        .isTrue();
            }
            default -> throw new AssertionError("reset for what: " + heard.reason());
        }
        resetHeard = true;
        whole = false;
    }

    private boolean isTooOld() {
        Cursor read = asked == null ? null : known(asked);
        if (read == null) {
            return false;
        }
        Topics log = world.partition(wish.group());
        long ageMs = world.tasks.nowMs() - read.seconds() * 1_000;
        return ageMs > config.history().toMillis() / 2
                || !read.mark().covers(log.start())
                || isBeyondWindow(read.mark())
                || log.end().change() - read.mark().change() > config.replayRecords()
                || log.end().event() - read.mark().event() > config.replayRecords();
    }

    /** No later than where it stands. */
    private Mark place() {
        Mark known = account.mark().orLater(heardMark);
        return cursors ? known : new Mark(known.change(), Math.min(known.event(), enteredAt.event()));
    }

    private boolean isBeyondWindow(Mark mark) {
        return world.partition(wish.group()).costAfter(mark) > config.windowBytes() / 2;
    }

    private void sync(Heard heard) {
        boolean skips = whole && account instanceof NewestFrames; // a snapshot is the newest of everything
        assertThat(whole && !(skips && isBeyondWindow(place())))
                .as("a snapshot that nobody needs")
                .isFalse();
        assertThat(asked == null || resetHeard || skips)
                .as("a reset before the snapshot for %s", asked)
                .isTrue();
        Topics log = world.partition(wish.group());
        long change = log.changeAt(heard.timestampMs());
        view.clear();
        log.allChanges.headMap(change, true).values().stream()
                .filter(wish::isFor)
                .forEach(told -> fold(view, told));
        assertThat(content(heard.data()))
                .as("snapshot at %s", change)
                .containsExactlyInAnyOrderElementsOf(view.values());
        Cursor read = cursors ? known(String.valueOf(heard.cursor())) : null;
        // Of one who waits for its snapshot for so long that too much happens, the eldest events are given up.
        Mark joined = joinedAt;
        boolean late = joined == null || skips || resetHeard || isBeyondWindow(joined);
        long floor = joined == null || late ? log.end().event() : joined.event();
        if (read != null) {
            assertThat(wish.meets(log.allEvents, floor, read.mark().event()))
                    .as("an event between the join and %s is left out", read)
                    .isFalse();
        }
        account.synced(log, change, read == null ? null : read.mark().event(), floor);
        whole = true;
        joinedAt = null;
        heardMark = Mark.START;
    }

    private Iterable<JsonNode> content(JsonNode data) {
        if (wish.item() == null) {
            assertThat(data.isArray()).as("an array").isTrue();
            return data;
        }
        return data.isNull() ? List.of() : List.of(data);
    }

    private void checkCursor(Heard heard) {
        if (!cursors) {
            assertThat(heard.cursor()).as("cursor of one who wants none").isNull();
            return;
        }
        String text = heard.cursor();
        assertThat(text).as("cursor of %s", heard).isNotNull();
        cursor = text;
        Cursor read = known(String.valueOf(text));
        if (!heard.kind().equals("reset")) {
            assertThat(read).as("cursor %s", text).isNotNull();
        }
        if (read == null) {
            return;
        }
        assertThat(account.standsAt(read.mark())).as("cursor %s", read).isTrue();
        assertThat(world.partition(wish.group()).oldestChangeMsAfter(read.mark()))
                .as("age of the changes after %s", read)
                .isGreaterThanOrEqualTo(
                        read.seconds() * 1_000 - config.history().toMillis() / 20);
        heardMark = heardMark.orLater(read.mark());
    }

    /** Everything has been told that will ever be: the view is what the store holds. */
    void complete() {
        try {
            checkComplete();
        } catch (AssertionError e) {
            throw told(e);
        }
    }

    private void checkComplete() {
        assertThat(whole).as("a view of %s", wish).isTrue();
        account.complete();
        Map<String, JsonNode> stored = new TreeMap<>();
        Topics log = world.partition(wish.group());
        log.store.forEach((key, frame) -> {
            if (key.group().equals(wish.group())
                    && (wish.item() == null || wish.item().equals(key.address().name()))) {
                stored.put(key.address().name(), frame.tree().path("event").path("data"));
            }
        });
        assertThat(view).as("view of %s", wish).isEqualTo(stored);
    }
}
