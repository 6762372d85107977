package io.millrace.engine.feed;

import io.millrace.core.value.Json;
import java.util.ArrayList;
import java.util.List;

/** Remembers what it gets, and when it was flushed. */
final class RecordingOutbox implements Outbox {
    final List<Frame> frames = new ArrayList<>();
    int flushed;
    int flushes;

    @Override
    public void sync(byte[] frame) {
        frames.add(new Frame(true, Json.ofTrusted(frame)));
    }

    @Override
    public boolean offer(byte[] frame) {
        frames.add(new Frame(false, Json.ofTrusted(frame)));
        return true;
    }

    @Override
    public void flush() {
        flushed = frames.size();
        flushes++;
    }

    /** The kinds of the frames, and the data or type of each: {@code create 1}. */
    List<String> said() {
        return frames.stream().map(Frame::said).toList();
    }

    record Frame(boolean isSync, Json json) {
        String kind() {
            return json.tree().path("event").path("type").asString();
        }

        long timestampMs() {
            return json.tree().path("timestamp").asLong();
        }

        String said() {
            if (kind().equals("event")) {
                return "event "
                        + json.tree().path("event").path("event").path("type").asString();
            }
            if (kind().equals("reset")) {
                return "reset " + json.tree().path("event").path("reason").asString();
            }
            return kind() + " " + json.tree().path("event").path("data");
        }
    }
}
