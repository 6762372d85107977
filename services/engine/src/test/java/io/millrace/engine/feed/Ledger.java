package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail.Told;
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
    private long eventFloor = Long.MAX_VALUE;
    private Mark heardMark = Mark.START;
    private @Nullable String cursor;
    int resumes;
    int frames;

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
     */
    void joining(@Nullable String with, boolean followed) {
        Topics log = world.partition(wish.group());
        asked = with;
        resetHeard = false;
        eventFloor = followed ? log.end().event() : Long.MAX_VALUE;
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
        frames++;
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
        assertThat(whole).as("a snapshot before %s", heard).isTrue();
        Told told = Objects.requireNonNull(world.partition(wish.group()).find(heard.frame()), heard.frame());
        resumes += asked == null || resetHeard ? 0 : 1;
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
                Mark mark = account.mark().orLater(heardMark);
                assertThat(world.partition(wish.group()).bytesAfter(mark))
                        .as("bytes behind")
                        .isGreaterThanOrEqualTo(config.windowBytes() / 2);
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
                || log.end().change() - read.mark().change() > config.replayRecords()
                || log.end().event() - read.mark().event() > config.replayRecords();
    }

    private void sync(Heard heard) {
        assertThat(whole).as("a snapshot that nobody needs, %s", heard).isFalse();
        assertThat(asked == null || resetHeard)
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
        long floor = Math.min(eventFloor, log.end().event());
        if (read != null && !resetHeard) {
            assertThat(wish.meets(log.allEvents, eventFloor, read.mark().event()))
                    .as("an event between the join and %s is left out", read)
                    .isFalse();
        }
        account.synced(log, change, read == null ? null : read.mark().event(), floor);
        whole = true;
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
        assertThat(account.standsAt(read.mark()))
                .as("cursor %s of one who has got to %s, after %s", read, account, heard)
                .isTrue();
        Topics log = world.partition(wish.group());
        assertThat(log.allChanges.tailMap(read.mark().change(), false).values())
                .as("what is after %s", read)
                .allMatch(told -> told.timestampMs() >= read.seconds() * 1_000);
        assertThat(log.allEvents.tailMap(read.mark().event(), false).values())
                .as("what is after %s", read)
                .allMatch(told -> told.timestampMs() >= read.seconds() * 1_000);
        heardMark = heardMark.orLater(read.mark());
    }

    /** Everything has been told that will ever be: the view is what the store holds. */
    void complete() {
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
