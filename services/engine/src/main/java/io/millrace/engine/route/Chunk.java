package io.millrace.engine.route;

import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Scope;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonSpans;
import io.millrace.core.value.JsonText;
import io.millrace.engine.read.Cut;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A part of a snapshot, between nodes: {@code {"since":…,"position":…,"version":…,"age_ms":…?,"items":[…],"more":…?}}, of
 * which the later ones have items and more only.
 *
 * @param since the barrier since which the node serves the partition
 * @param offset the snapshot's position
 * @param version the partition's clock there
 * @param ageMs how long ago the copy that it is of lacked nothing, at most
 * @param items each an object
 * @param more what to ask for the next one with; null if this is the last
 */
record Chunk(
        long since,
        long offset,
        Version version,
        @Nullable Long ageMs,
        List<JsonSpans> items,
        @Nullable Long more) {
    /** The beginning of the first one. */
    static JsonText head(long since, long offset, Version version, @Nullable Long ageMs) {
        JsonText text = new JsonText(4_096).raw("{\"since\":").number(since);
        text.raw(",\"position\":").number(offset);
        text.raw(",\"version\":").number(version.micros());
        if (ageMs != null) {
            text.raw(",\"age_ms\":").number(ageMs);
        }
        return text.raw(",");
    }

    /** The question for the next one, and the notice that it is not wanted. */
    static byte[] question(long more) {
        return new JsonText(32).raw("{\"cut\":").number(more).raw("}").taken();
    }

    /** Which one is asked for, or not wanted. */
    static long asked(byte[] utf8) {
        JsonSpans fields = new JsonSpans(utf8);
        long more = -1;
        while (fields.next()) {
            if (fields.named("cut")) {
                more = fields.number();
            }
        }
        return more;
    }

    static Chunk read(byte[] utf8) {
        long since = -1;
        long offset = -1;
        Version version = Version.NONE;
        Long ageMs = null;
        Long more = null;
        List<JsonSpans> items = List.of();
        JsonSpans fields = new JsonSpans(utf8);
        while (fields.next()) {
            if (fields.named("since")) {
                since = fields.number();
            } else if (fields.named("position")) {
                offset = fields.number();
            } else if (fields.named("version")) {
                version = new Version(fields.number());
            } else if (fields.named("age_ms")) {
                ageMs = fields.number();
            } else if (fields.named("items")) {
                items = fields.objects();
            } else if (fields.named("more")) {
                more = fields.number();
            }
        }
        return new Chunk(since, offset, version, ageMs, items, more);
    }

    Stream<Cut.Entry> entries() {
        return items.stream().map(Chunk::entry);
    }

    private static Cut.Entry entry(JsonSpans fields) {
        RecordKey key = RecordKey.BARRIER;
        Json value = Json.NULL;
        Version version = Version.NONE;
        while (fields.next()) {
            if (fields.named("k")) {
                key = RecordKey.ofBytes(fields.json().utf8());
            } else if (fields.named("v")) {
                value = fields.json();
            } else if (fields.named("n")) {
                version = new Version(fields.number());
            }
        }
        return new Cut.Entry(key, value, version);
    }

    Stream<Unit> units() {
        return items.stream().map(Chunk::unit);
    }

    private static Unit unit(JsonSpans fields) {
        String first = "";
        String second = null;
        while (fields.next()) {
            if (fields.named("scope") || fields.named("stream_name")) {
                first = fields.text();
            } else if (fields.named("group_id")) {
                second = fields.text();
            }
        }
        return second == null ? new Scope(first) : new Group(first, second);
    }
}
