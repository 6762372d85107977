package io.millrace.loadtest.soak;

import io.millrace.loadtest.soak.Manner.Pace;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One client with one socket at a time and one or more subscriptions on it. Only to be touched on its loop. */
final class Viewer implements ClientSocket.Owner {
    private static final byte[] GROUP = ",\"groupId\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final int LAGGARD_RECEIVE_BYTES = 8 << 10;
    /** A slow one reads this much ... */
    private static final int TRICKLE_BYTES = 4 << 10;
    /** ... this often. */
    private static final int TRICKLE_MS = 200;

    private static final int MOST_BACK_OFF_MS = 300;

    private final ClientLoop loop;
    private final Manner manner;
    private final List<Seat> seats;
    private final Map<String, Seat> byGroup = new HashMap<>();
    private final Seat.Ledger ledger;
    private final SplittableRandom random;
    private @Nullable ClientSocket socket;
    private boolean open;
    private boolean held;
    private boolean waking;

    Viewer(ClientLoop loop, Manner manner, List<Seat> seats, Seat.Ledger ledger, long seed) {
        this.loop = loop;
        this.manner = manner;
        this.seats = seats;
        this.ledger = ledger;
        this.random = new SplittableRandom(seed);
        seats.forEach(seat -> byGroup.put(seat.log().groupId(), seat));
    }

    Manner manner() {
        return manner;
    }

    ClientLoop loop() {
        return loop;
    }

    /** Connects; again whenever the socket is lost. */
    void connect() {
        boolean laggard = manner.pace() != Pace.PROMPT;
        String path = "/";
        if (manner.byPath()) {
            Seat seat = seats.getFirst();
            String cursor = seat.cursor();
            path = "/stream/" + seat.log().streamName() + "/" + seat.log().groupId() + "?cursors=true"
                    + (cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8));
        }
        open = false;
        socket = ClientSocket.connect(loop, path, laggard ? LAGGARD_RECEIVE_BYTES : 0, this);
    }

    /** Does not come back when it loses its socket, until it is released. */
    void hold() {
        held = true;
    }

    /** Comes back at once. */
    void release() {
        held = false;
        if (!open) {
            connect();
        }
    }

    /** Drops the socket, and comes back soon. */
    void reconnect() {
        ClientSocket current = socket;
        if (current != null && !current.isClosed() && isLive()) {
            open = false;
            current.close(random.nextBoolean());
            loop.after(random.nextInt(MOST_BACK_OFF_MS), this::connect);
        }
    }

    /** Reads again like everybody else. */
    void wake() {
        waking = true;
        ClientSocket current = socket;
        if (current == null || current.isClosed()) {
            connect();
        } else {
            current.reading(true);
        }
    }

    @Override
    public void opened() {
        open = true;
        seats.forEach(Seat::joining);
        if (!manner.byPath()) {
            seats.forEach(this::join);
        }
        if (manner.pace() != Pace.PROMPT && !waking) {
            current().reading(false);
            loop.after(TRICKLE_MS, this::trickle);
        }
    }

    private void join(Seat seat) {
        String cursor = seat.cursor();
        String message = "{\"type\":\"join\",\"data\":{\"subscriptionId\":\""
                + seat.log().groupId() + "\",\"streamName\":\""
                + seat.log().streamName() + "\",\"groupId\":\"" + seat.log().groupId() + "\""
                + (manner.cursors() ? ",\"cursors\":true" : "")
                + (cursor == null ? "" : ",\"cursor\":\"" + cursor + "\"")
                + (manner.latest() ? ",\"mode\":\"latest\"" : "") + "}}";
        try {
            current().send(message);
        } catch (IOException e) {
            current().close(true);
            ended(e.toString());
        }
    }

    private void trickle() {
        ClientSocket current = current();
        if (manner.pace() == Pace.SLOW && !waking && !current.isClosed()) {
            current.trickle(TRICKLE_BYTES);
            loop.after(TRICKLE_MS, this::trickle);
        }
    }

    private ClientSocket current() {
        ClientSocket current = socket;
        if (current == null) {
            throw new IllegalStateException("no socket (expected: one that has been opened)");
        }
        return current;
    }

    @Override
    public void message(byte[] bytes, int offset, int length, long nowNs) {
        Seat seat = seats.size() == 1 ? seats.getFirst() : byGroup.get(group(bytes, offset, length));
        if (seat == null) {
            ledger.violations().add("frame of no group of ours", text(bytes, offset, length));
        } else {
            try {
                seat.frame(bytes, offset, length, nowNs);
            } catch (RuntimeException e) {
                ledger.violations().add("frame that makes no sense", e + " " + text(bytes, offset, length));
            }
        }
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    private static String group(byte[] bytes, int offset, int length) {
        int at = offset;
        int last = offset + length - GROUP.length;
        while (at < last && !matches(bytes, at)) {
            at++;
        }
        int from = at + GROUP.length;
        int to = from;
        while (to < offset + length && bytes[to] != '"') {
            to++;
        }
        return from < to ? new String(bytes, from, to - from, StandardCharsets.UTF_8) : "";
    }

    private static boolean matches(byte[] bytes, int at) {
        for (int i = 0; i < GROUP.length; i++) {
            if (bytes[at + i] != GROUP[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void ended(String why) {
        open = false;
        ledger.tally().lost.increment();
        if (!held && (manner.pace() == Pace.PROMPT || waking)) {
            loop.after(random.nextInt(MOST_BACK_OFF_MS), this::connect);
        }
    }

    /** Whether all it asked for has begun. */
    boolean isLive() {
        return open && seats.stream().allMatch(Seat::isLive);
    }

    /** What it lacks in the end; empty when it has seen everything. */
    String lacks() {
        return seats.stream()
                .filter(seat -> seat.lacks() != null)
                .map(seat -> seat.log().groupId() + " " + seat.lacks())
                .collect(Collectors.joining(", "));
    }
}
