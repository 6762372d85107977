package io.millrace.loadtest.soak;

import io.millrace.loadtest.soak.Manner.Pace;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One subscription: what it has been told so far, held against its group's log. The first to be told a change reads its
 * frame; for all others it must be the same bytes, so that their checksum says enough. Only to be touched on its loop.
 */
final class Seat {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final byte[] CURSOR = ",\"cursor\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final int UNKNOWN = -1;

    private enum Phase {
        /** A snapshot must come next. */
        JOINING,
        /** The node has said that a snapshot follows. */
        RESET,
        LIVE
    }

    private final GroupLog log;
    private final Manner manner;
    private final Ledger ledger;
    private final CRC32C checksum = new CRC32C();
    private final int[] view;
    /** The newest number of each item, deleted or not. */
    private final int[] newest;

    private Phase phase = Phase.JOINING;
    private int place = UNKNOWN;
    private int acknowledgedAtJoin;
    private long joinedNs;
    private int event = UNKNOWN;
    private int eventsAtSync;
    private byte @Nullable [] cursor;

    /** Where it tells what it sees. */
    record Ledger(Tally tally, Violations violations, Latencies latencies) {}

    Seat(GroupLog log, Manner manner, Ledger ledger) {
        this.log = log;
        this.manner = manner;
        this.ledger = ledger;
        this.view = new int[log.items()];
        this.newest = manner.latest() ? new int[log.items()] : view;
    }

    GroupLog log() {
        return log;
    }

    /** From where it goes on when it joins again; null if it has to begin with a snapshot. */
    @Nullable
    String cursor() {
        byte[] known = cursor;
        return known == null || place == UNKNOWN ? null : new String(known, StandardCharsets.US_ASCII);
    }

    /** Joins, again perhaps. */
    void joining() {
        acknowledgedAtJoin = log.acknowledged();
        joinedNs = System.nanoTime();
        if (cursor() != null) {
            phase = Phase.LIVE;
            ledger.tally().cursorJoins.increment();
        } else {
            phase = Phase.JOINING;
            event = UNKNOWN;
            ledger.tally().freshJoins.increment();
        }
    }

    /** Whether a snapshot has come, or was not needed. */
    boolean isLive() {
        return phase == Phase.LIVE;
    }

    void frame(byte[] bytes, int offset, int length, long nowNs) {
        ledger.tally().frames.increment();
        ledger.tally().bytes.add(length);
        int end = manner.cursors() ? cursorAt(bytes, offset, length) : offset + length - 1;
        if (end < 0) {
            violated("frame without a cursor", text(bytes, offset, length));
            return;
        }
        checksum.reset();
        checksum.update(bytes, offset, end - offset);
        int sum = (int) checksum.getValue() | 1;
        if (!isNext(sum, nowNs)) {
            read(JSON.readTree(bytes, offset, length), sum, nowNs);
        }
        if (manner.cursors()) {
            cursor = Arrays.copyOfRange(bytes, end + CURSOR.length, offset + length - 2);
        }
    }

    /** Where the last member begins, if it is a cursor; else -1. */
    private static int cursorAt(byte[] bytes, int offset, int length) {
        int end = offset + length - 2;
        if (length < CURSOR.length + 4 || bytes[end] != '"') {
            return -1;
        }
        int quote = end - 1;
        while (quote > offset && bytes[quote] != '"') {
            quote--;
        }
        int from = quote + 1 - CURSOR.length;
        return from > offset && Arrays.equals(bytes, from, quote + 1, CURSOR, 0, CURSOR.length) ? from : -1;
    }

    /** Whether the frame is the next change or event, known by its bytes; then it is done with. */
    private boolean isNext(int sum, long nowNs) {
        if (phase != Phase.LIVE || manner.latest()) {
            return false;
        }
        Change change = log.change(place + 1);
        if (change != null && change.bytes() == sum) {
            told(change, nowNs);
            return true;
        }
        Sent sent = event == UNKNOWN ? null : log.event(event + 1);
        if (sent != null && sent.bytes() == sum) {
            told(sent);
            return true;
        }
        return false;
    }

    private void read(JsonNode frame, int sum, long nowNs) {
        JsonNode about = frame.path("event");
        String type = about.path("type").asString("");
        if (!frame.path("streamName").asString("").equals(log.streamName())
                || !frame.path("groupId").asString("").equals(log.groupId())) {
            violated("frame of another group", frame.toString());
            return;
        }
        switch (type) {
            case "sync" -> sync(about.path("data"));
            case "reset" -> reset(about.path("reason").asString("none"));
            case "cursor" -> {}
            case "event" -> event(about.path("event").path("data"), frame, sum);
            case "create", "update", "delete" -> change(frame, about, type, sum, nowNs);
            default -> violated("frame of an unexpected type", frame.toString());
        }
    }

    private void sync(JsonNode items) {
        ledger.tally().syncs.increment();
        // To those who want the newest only, a snapshot is as good as what they have missed.
        if (phase == Phase.LIVE && manner.every()) {
            violated("snapshot that nobody asked for", "at " + place);
        }
        Arrays.fill(view, 0);
        for (JsonNode item : items) {
            int number = item(item.path("id").asString(""));
            view[number] = item.path("n").asInt(0);
            newest[number] = view[number];
        }
        int found = log.place(view);
        if (found < Math.max(acknowledgedAtJoin, place)) {
            violated(
                    "snapshot that is none, or old",
                    "place " + found + " (expected: at least " + Math.max(acknowledgedAtJoin, place) + ") " + items);
        }
        place = found;
        event = UNKNOWN;
        eventsAtSync = log.sent();
        phase = Phase.LIVE;
    }

    private void reset(String reason) {
        ledger.tally().reset(reason);
        if (manner.pace() == Pace.PROMPT) {
            violated("reset of a healthy subscription", reason + ", at " + place + " of " + log.planned());
        }
        phase = Phase.RESET;
    }

    private void change(JsonNode frame, JsonNode about, String type, int sum, long nowNs) {
        int item = item(frame.path("id").asString(""));
        int value = about.path("data").path("n").asInt(0);
        if (phase != Phase.LIVE) {
            violated("change before the snapshot", frame.toString());
        } else if (manner.latest()) {
            newest(type.equals(Change.Kind.DELETE.frame()), item, value);
        } else {
            Change next = log.change(place + 1);
            if (next == null
                    || !next.kind().frame().equals(type)
                    || next.item() != item
                    || next.value() != value
                    || (next.bytes() != 0 && next.bytes() != sum)) {
                violated(
                        value > 0 && value <= place
                                ? "duplicate, or frame out of order"
                                : "gap, or another frame's bytes",
                        "at " + place + " of " + log.planned() + ", cursor " + text(cursor) + ": " + frame);
                place = type.equals("delete") ? place : Math.max(place, value);
            } else {
                next.bytes(sum);
                told(next, nowNs);
            }
        }
    }

    private void newest(boolean deleted, int item, int value) {
        if (deleted ? value < newest[item] : value <= newest[item]) {
            violated("frame older than what came before", "item " + item + ": " + value + " after " + newest[item]);
        }
        newest[item] = value;
        view[item] = deleted ? 0 : value;
    }

    private void told(Change change, long nowNs) {
        place = change.number();
        view[change.item()] = change.held();
        // What was written while it was away comes late, and that is no delay.
        if (manner.pace() == Pace.PROMPT && change.sentNs() - joinedNs > 0) {
            ledger.latencies().told(change, nowNs);
        }
    }

    private void event(JsonNode told, JsonNode frame, int sum) {
        int number = told.path("n").asInt(0);
        Sent sent = log.event(number);
        if (phase != Phase.LIVE || sent == null || (sent.bytes() != 0 && sent.bytes() != sum)) {
            violated("event before the snapshot, or another's bytes", frame.toString());
            return;
        }
        sent.bytes(sum);
        // Who has just joined begins with the next, of which it need not be told those that are on their way.
        int most = event == UNKNOWN ? eventsAtSync : event;
        if (number <= event || (manner.every() && !isDoubtful(most + 1, number))) {
            violated(
                    number <= event ? "event twice" : "events missing",
                    number + " after " + most + " in " + log.groupId());
        }
        told(sent);
    }

    private boolean isDoubtful(int from, int before) {
        for (int number = from; number < before; number++) {
            if (!Objects.requireNonNull(log.event(number)).isDoubtful()) {
                return false;
            }
        }
        return true;
    }

    private void told(Sent sent) {
        ledger.tally().events.increment();
        event = sent.number();
        if (manner.every() && place < sent.after()) {
            violated(
                    "event before a change that came first",
                    sent.number() + " at " + place + ", after " + sent.after());
        }
    }

    /** What is missing once nobody writes any more; null when this is the last of the log. */
    @Nullable
    String lacks() {
        if (phase != Phase.LIVE) {
            return "the snapshot (" + phase + ")";
        }
        if (manner.every() && place != log.planned()) {
            return "changes after " + place + " of " + log.planned();
        }
        int events = event == UNKNOWN ? eventsAtSync : event;
        if (manner.every() && !isDoubtful(events + 1, log.sent() + 1)) {
            return "events after " + events + " of " + log.sent();
        }
        return Arrays.equals(view, log.values()) ? null : "the right view: " + Arrays.toString(view);
    }

    private int item(String id) {
        int item = id.startsWith("i") ? Integer.parseInt(id, 1, id.length(), 10) : -1;
        return Objects.checkIndex(item, view.length);
    }

    private void violated(String kind, String details) {
        ledger.violations().add(kind, log.groupId() + " " + manner + ": " + details);
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    private static String text(byte @Nullable [] cursor) {
        return cursor == null ? "none" : new String(cursor, StandardCharsets.US_ASCII);
    }
}
