package io.millrace.loadtest.soak;

import io.millrace.loadtest.CallerSocket;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Writes one group over a worker connection of its own: one change after another, each again under the same mutation id
 * until it is acknowledged, and now and then an event, which is sent once whatever comes of it.
 */
final class GroupWriter implements Runnable {
    private static final Duration BACK_OFF = Duration.ofMillis(100);
    /** Who is further behind than this does not catch up, but goes on from here. */
    private static final long MOST_BEHIND_NS = TimeUnit.SECONDS.toNanos(1);

    private static final int MOST_TRIES = 1_800;
    private static final String TEXT = "x".repeat(120);

    /** What all writers have in common. */
    record Means(URI workers, double perSecond, int eventEvery, Recorder answers, LongAdder retries) {}

    private final GroupLog log;
    private final Means means;
    private volatile boolean stopping;
    private @Nullable CallerSocket socket;
    private int calls;
    private String answer = "";

    GroupWriter(GroupLog log, Means means) {
        this.log = log;
        this.means = means;
    }

    /** Ends after the change under way. */
    void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        long intervalNs = (long) (1e9 / means.perSecond());
        long dueNs = System.nanoTime() + Math.floorMod(log.groupId().hashCode() * 7919L, intervalNs);
        try {
            while (!stopping) {
                TimeUnit.NANOSECONDS.sleep(dueNs - System.nanoTime());
                Change change = log.plan();
                write(change);
                if (means.eventEvery() > 0 && change.number() % means.eventEvery() == 0) {
                    send(log.planEvent());
                }
                dueNs += intervalNs;
                long nowNs = System.nanoTime();
                dueNs = nowNs - dueNs > MOST_BEHIND_NS ? nowNs : dueNs;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    private void write(Change change) throws InterruptedException {
        String mutationId = log.streamName() + "-" + log.groupId() + "-" + change.number();
        String address =
                address() + ",\"item_id\":\"" + itemId(change.item()) + "\",\"mutation_id\":\"" + mutationId + "\"";
        String text = switch (change.kind()) {
            case DELETE -> call("stream::delete", address);
            case UPDATE -> change.number() % 2 == 0 ? update(address, change) : set(address, change);
            case CREATE -> set(address, change);
        };
        change.sent(System.nanoTime());
        for (int tries = 1; !answered(text); tries++) {
            if (tries == MOST_TRIES) {
                throw new IllegalStateException(mutationId + ": " + answer + " (expected: a result)");
            }
            means.retries().increment();
            Thread.sleep(BACK_OFF);
        }
        long nowNs = System.nanoTime();
        change.answered(nowNs);
        log.acknowledged(change);
        means.answers().recordValue(nowNs - change.sentNs());
    }

    private void send(Sent event) {
        String text = call(
                "stream::send",
                address() + ",\"type\":\"tick\",\"data\":{\"n\":" + event.number() + ",\"after\":" + event.after()
                        + "}");
        if (!answered(text)) {
            event.doubted();
        }
    }

    private String address() {
        return "\"stream_name\":\"" + log.streamName() + "\",\"group_id\":\"" + log.groupId() + "\"";
    }

    private static String set(String address, Change change) {
        return call(
                "stream::set",
                address + ",\"data\":{\"id\":\"" + itemId(change.item()) + "\",\"n\":" + change.value() + ",\"text\":\""
                        + TEXT + "\"}");
    }

    private static String update(String address, Change change) {
        return call(
                "stream::update",
                address + ",\"ops\":[{\"type\":\"set\",\"path\":\"n\",\"value\":" + change.value()
                        + "},{\"type\":\"increment\",\"path\":\"updates\",\"by\":1}]");
    }

    private static String call(String function, String payload) {
        return "\"function_id\":\"" + function + "\",\"data\":{" + payload + "}}";
    }

    static String itemId(int item) {
        return "i" + item;
    }

    /** Whether the call was answered with a result. If not, its outcome is unknown. */
    private boolean answered(String call) {
        try {
            CallerSocket connected = socket;
            if (connected == null) {
                connected = CallerSocket.connect(means.workers());
                socket = connected;
            }
            String id = "00000000-0000-4000-8000-" + String.format("%012d", ++calls);
            connected.send(("{\"type\":\"invokefunction\",\"invocation_id\":\"" + id + "\"," + call)
                    .getBytes(StandardCharsets.UTF_8));
            answer = new String(connected.message(), StandardCharsets.UTF_8);
            return answer.contains("\"invocation_id\":\"" + id + "\"") && answer.contains("\"result\":");
        } catch (IOException e) {
            answer = e.toString();
            disconnect();
            return false;
        }
    }

    private void disconnect() {
        CallerSocket connected = socket;
        socket = null;
        if (connected != null) {
            try {
                connected.close();
            } catch (IOException e) {
                // It is gone already, which is what we want.
            }
        }
    }
}
