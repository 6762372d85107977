package io.millrace.engine.function;

import io.millrace.core.address.Group;
import io.millrace.core.address.Scope;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Current;
import io.millrace.core.change.Frames;
import io.millrace.core.change.Position;
import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.read.Cut;
import io.millrace.engine.read.Sighting;
import java.util.List;
import java.util.NavigableSet;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The JSON of results. Stored values are copied as they are, never read. */
final class Results {
    private Results() {}

    /** The value itself; no result where there is none. */
    static Outcome bare(@Nullable Json value) {
        return value == null ? new Outcome.NoResult() : new Outcome.Result(value);
    }

    /** What a get gives. */
    static Outcome got(Current current) {
        return switch (current) {
            case Current.Present present -> new Outcome.Result(present.value());
            case Current.Missing ignored -> new Outcome.NoResult();
        };
    }

    /** What a set or an update gives: {@code {"old_value","new_value","errors"?,"version"}}. */
    static Outcome written(Reply.Done done) {
        Json before = orNull(done.oldValue());
        Json after = orNull(done.newValue());
        JsonText text = new JsonText(80 + before.sizeBytes() + after.sizeBytes());
        text.raw("{\"old_value\":").json(before).raw(",\"new_value\":").json(after);
        if (!done.errors().isEmpty()) {
            text.raw(",\"errors\":").json(Frames.errors(done.errors()));
        }
        version(text, done.version());
        return new Outcome.Result(text.raw("}").toJson());
    }

    /** What deleting a state value gives: what it was, bare. */
    static Outcome deletedBare(Reply.Done done) {
        return bare(done.oldValue());
    }

    /** What deleting a stream item gives: {@code {"old_value","version"?}}. */
    static Outcome deleted(Reply.Done done) {
        Json before = orNull(done.oldValue());
        JsonText text = new JsonText(48 + before.sizeBytes());
        text.raw("{\"old_value\":").json(before);
        if (!done.version().equals(Version.NONE)) {
            version(text, done.version());
        }
        return new Outcome.Result(text.raw("}").toJson());
    }

    /** {@code {"groups":[…]}}: the scopes in ascending byte order, but for our own. */
    static Outcome scopes(List<Unit> units) {
        NavigableSet<String> scopes = new TreeSet<>(Results::compareUtf8);
        for (Unit unit : units) {
            if (unit instanceof Scope scope && !scope.equals(Scope.CRON)) {
                scopes.add(scope.scope());
            }
        }
        JsonText text = new JsonText().raw("{\"groups\":");
        return new Outcome.Result(names(text, scopes).raw("}").toJson());
    }

    /** The groups of one stream in ascending byte order, as a bare array. */
    static Outcome groups(List<Unit> units, String streamName) {
        NavigableSet<String> groups = new TreeSet<>(Results::compareUtf8);
        for (Unit unit : units) {
            if (unit instanceof Group group && group.streamName().equals(streamName)) {
                groups.add(group.groupId());
            }
        }
        return new Outcome.Result(names(new JsonText(), groups).toJson());
    }

    /** {@code {"stream":[{"id","groups":[…]}],"count":n}}, all in ascending byte order. */
    static Outcome streams(List<Unit> units) {
        SequencedMap<String, NavigableSet<String>> streams = new TreeMap<>(Results::compareUtf8);
        for (Unit unit : units) {
            if (unit instanceof Group group) {
                streams.computeIfAbsent(group.streamName(), ignored -> new TreeSet<>(Results::compareUtf8))
                        .add(group.groupId());
            }
        }
        JsonText text = new JsonText().raw("{\"stream\":[");
        String separator = "";
        for (var stream : streams.entrySet()) {
            text.raw(separator).raw("{\"id\":").quoted(stream.getKey()).raw(",\"groups\":");
            names(text, stream.getValue()).raw("}");
            separator = ",";
        }
        return new Outcome.Result(
                text.raw("],\"count\":").number(streams.size()).raw("}").toJson());
    }

    /** What a get gives to who takes older answers: {@code {"value","version","stale","position","age_ms"}}. */
    static Outcome seen(Sighting sighting) {
        try (sighting) {
            Cut cut = sighting.cut();
            JsonText text;
            if (cut.hasNext()) {
                Cut.Entry entry = cut.next();
                text = new JsonText(160 + entry.value().sizeBytes()).raw("{\"value\":");
                version(text.json(entry.value()), entry.version());
            } else {
                text = new JsonText().raw("{\"value\":null,\"version\":null");
            }
            provenance(text, sighting);
            return new Outcome.Result(text.raw("}").toJson());
        }
    }

    /** Adds {@code ,"stale":…,"position":{"partition","offset"},"age_ms":…}. */
    static void provenance(JsonText text, Sighting sighting) {
        Position position = sighting.cut().position();
        text.raw(sighting.stale() ? ",\"stale\":true" : ",\"stale\":false");
        text.raw(",\"position\":{\"partition\":").number(position.partition());
        text.raw(",\"offset\":").number(position.offset()).raw("},\"age_ms\":");
        text.raw(sighting.ageMs() == null ? "null" : Long.toString(sighting.ageMs()));
    }

    private static Json orNull(@Nullable Json value) {
        return value == null ? Json.NULL : value;
    }

    private static void version(JsonText text, Version version) {
        text.raw(",\"version\":").number(version.micros());
    }

    private static JsonText names(JsonText text, NavigableSet<String> names) {
        text.raw("[");
        String separator = "";
        for (String name : names) {
            text.raw(separator).quoted(name);
            separator = ",";
        }
        return text.raw("]");
    }

    /** The order of UTF-8 bytes, which is that of code points; a string's own is another one beyond U+FFFF. */
    private static int compareUtf8(String left, String right) {
        int shared = Math.min(left.length(), right.length());
        for (int i = 0; i < shared; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean beyond = Character.isSurrogate(a);
                return beyond == Character.isSurrogate(b) ? Character.compare(a, b) : beyond ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
