package io.millrace.loadtest.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.loadtest.soak.Manner.Pace;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The judge is judged: whatever is wrong with what a socket is told, it says so, and else it says nothing. */
final class SeatTest {
    private static final Manner LEGACY = Manner.plain(Pace.PROMPT);
    private static final Manner CURSORS = new Manner(true, false, false, Pace.PROMPT);
    private static final Manner LATEST = new Manner(false, true, false, Pace.PROMPT);

    private final GroupLog log = new GroupLog("s", "g", 5, 7);
    private final Violations violations = new Violations();
    private final Seat.Ledger ledger = new Seat.Ledger(new Tally(), violations, new Latencies());

    @Test
    void whoIsToldEverythingLacksNothing() {
        Seat first = joined(LEGACY);
        Seat second = joined(CURSORS);
        for (int number = 1; number <= 200; number++) {
            Change change = log.plan();
            log.acknowledged(change);
            tell(first, frame(change));
            tell(second, withCursor(frame(change), "c" + number));
            if (number % 10 == 0) {
                String event = frame(log.planEvent());
                tell(second, withCursor(event, "e" + number));
                tell(first, event);
            }
        }
        assertThat(violations.toString()).isEmpty();
        assertThat(first.lacks()).isNull();
        assertThat(second.lacks()).isNull();
        assertThat(second.cursor()).isEqualTo("e200");
    }

    @Test
    void aGapIsSeen() {
        Seat seat = joined(LEGACY);
        plan(2);
        tell(seat, frame(1));
        plan(1);
        tell(seat, frame(3));
        assertThat(violations.toString()).contains("gap");
    }

    @Test
    void aDuplicateIsSeen() {
        Seat seat = joined(CURSORS);
        plan(2);
        tell(seat, withCursor(frame(1), "a"));
        tell(seat, withCursor(frame(1), "a"));
        assertThat(violations.toString()).contains("duplicate");
    }

    @Test
    void whatIsStillMissingInTheEndIsSeen() {
        Seat seat = joined(LEGACY);
        plan(2);
        tell(seat, frame(1));
        assertThat(violations.toString()).isEmpty();
        assertThat(seat.lacks()).isEqualTo("changes after 1 of 2");
        tell(seat, frame(2));
        log.planEvent();
        assertThat(seat.lacks()).isEqualTo("events after 0 of 1");
    }

    @Test
    void otherBytesForTheSameChangeAreSeen() {
        Seat first = joined(LEGACY);
        Seat second = joined(LEGACY);
        plan(1);
        tell(first, frame(1));
        tell(second, frame(1).replace("text", "tent"));
        assertThat(violations.toString()).contains("another frame's bytes");
    }

    @Test
    void aSnapshotThatIsOlderThanTheJoinIsSeen() {
        log.acknowledged(log.plan());
        Seat seat = joined(LEGACY);
        assertThat(violations.toString()).contains("snapshot that is none, or old");
        assertThat(seat.isLive()).isTrue();
    }

    @Test
    void aSnapshotForWhoCameBackWithACursorIsSeen() {
        Seat seat = joined(CURSORS);
        seat.joining();
        tell(seat, withCursor(sync(), "b"));
        assertThat(violations.toString()).contains("snapshot that nobody asked for");
    }

    @Test
    void whoComesBackWithACursorGoesOnExactlyThere() {
        Seat seat = joined(CURSORS);
        plan(3);
        tell(seat, withCursor(frame(1), "a"));
        seat.joining();
        tell(seat, withCursor(frame(2), "b"));
        tell(seat, withCursor(frame(3), "c"));
        assertThat(violations.toString()).isEmpty();
        assertThat(seat.lacks()).isNull();
        seat.joining();
        tell(seat, withCursor(frame(3), "c"));
        assertThat(violations.toString()).contains("duplicate, or frame out of order");
    }

    @Test
    void anEventThatIsMissingOrTwiceOrTooEarlyIsSeen() {
        Seat seat = joined(LEGACY);
        log.planEvent();
        tell(seat, frame(log.planEvent()));
        assertThat(violations.toString()).contains("events missing");
        tell(seat, frame(Objects.requireNonNull(log.event(2))));
        assertThat(violations.toString()).contains("event twice");
        log.acknowledged(log.plan());
        tell(seat, frame(log.planEvent()));
        assertThat(violations.toString()).contains("event before a change that came first");
    }

    @Test
    void anEventNobodyKnowsTheFateOfMayBeMissing() {
        Seat seat = joined(LEGACY);
        log.planEvent().doubted();
        tell(seat, frame(log.planEvent()));
        log.planEvent().doubted();
        assertThat(violations.toString()).isEmpty();
        assertThat(seat.lacks()).isNull();
    }

    @Test
    void whoWantsTheNewestOnlyMayMissChangesButNeverGoesBack() {
        Seat seat = joined(LATEST);
        plan(300);
        IntStream.rangeClosed(1, 300).filter(this::isLastOfItsItem).forEach(number -> tell(seat, frame(number)));
        assertThat(violations.toString()).isEmpty();
        assertThat(seat.lacks()).isNull();
        tell(seat, frame(1));
        assertThat(violations.toString()).contains("frame older than what came before");
    }

    private boolean isLastOfItsItem(int number) {
        int item = Objects.requireNonNull(log.change(number)).item();
        return IntStream.rangeClosed(number + 1, log.planned())
                .noneMatch(later -> Objects.requireNonNull(log.change(later)).item() == item);
    }

    @Test
    void aFrameWithoutItsCursorIsSeen() {
        Seat seat = joined(CURSORS);
        plan(1);
        tell(seat, frame(1));
        assertThat(violations.toString()).contains("frame without a cursor");
    }

    private Seat joined(Manner manner) {
        Seat seat = new Seat(log, manner, ledger);
        seat.joining();
        tell(seat, manner.cursors() ? withCursor(sync(), "s") : sync());
        return seat;
    }

    private void plan(int changes) {
        IntStream.range(0, changes).forEach(ignored -> log.plan());
    }

    private static void tell(Seat seat, String frame) {
        byte[] bytes = ("##" + frame + "##").getBytes(StandardCharsets.UTF_8);
        seat.frame(bytes, 2, bytes.length - 4, 1);
    }

    private static String sync() {
        return frame("null", "{\"type\":\"sync\",\"data\":[]}");
    }

    private String frame(int number) {
        return frame(Objects.requireNonNull(log.change(number)));
    }

    private static String frame(Change change) {
        return frame(
                "\"i" + change.item() + "\"",
                "{\"type\":\"" + change.kind().frame() + "\",\"data\":{\"id\":\"i" + change.item() + "\",\"n\":"
                        + change.value() + ",\"text\":\"x\"}}");
    }

    private static String frame(Sent event) {
        return frame(
                "null",
                "{\"type\":\"event\",\"event\":{\"type\":\"tick\",\"data\":{\"n\":" + event.number() + ",\"after\":"
                        + event.after() + "}}}");
    }

    private static String frame(String id, String event) {
        return "{\"type\":\"stream\",\"timestamp\":1,\"streamName\":\"s\",\"groupId\":\"g\",\"id\":" + id
                + ",\"event\":" + event + "}";
    }

    private static String withCursor(String frame, String cursor) {
        return frame.substring(0, frame.length() - 1) + ",\"cursor\":\"" + cursor + "\"}";
    }
}
