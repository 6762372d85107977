package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Address;
import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.change.Change;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.Frames;
import io.millrace.core.change.MutationId;
import io.millrace.core.value.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every example of what we write, read and written again, is the same bytes. */
class WrittenBytesTest {
    static Stream<Example> addressKeys() {
        return examples("topics/state.changes.key", "topics/stream.changes.key");
    }

    static Stream<Example> eventKeys() {
        return examples("topics/stream.events.key");
    }

    static Stream<Example> changes() {
        return examples(
                "topics/state.changes.value",
                "topics/stream.changes.value",
                "gateway/server.create",
                "gateway/server.update",
                "gateway/server.delete");
    }

    static Stream<Example> events() {
        return examples("topics/stream.events.value", "gateway/server.event");
    }

    static Stream<Example> syncs() {
        return examples("gateway/server.sync-item", "gateway/server.sync-group", "gateway/server.unauthorized");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addressKeys")
    void aKeyIsWrittenAsInItsExample(Example example) {
        RecordKey key = RecordKey.ofBytes(utf8(example));
        assertThat(key.address().recordKey()).hasToString(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("eventKeys")
    void theKeyOfAnEventIsWrittenAsInItsExample(Example example) {
        assertThat(RecordKey.ofBytes(utf8(example)).group().eventKey()).hasToString(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void aChangeIsWrittenAsInItsExample(Example example) {
        JsonNode frame = example.json().tree();
        Address address = frame.path("type").asString().equals("state")
                ? new StateAddress(
                        frame.path("scope").asString(), frame.path("key").asString())
                : new StreamAddress(
                        frame.path("streamName").asString(),
                        frame.path("groupId").asString(),
                        frame.path("id").asString());
        boolean oldIsElsewhere = frame.path("event").path("type").asString("").equals("update");
        ChangeRecord record = new ChangeRecord(
                address.recordKey(),
                Json.ofTrusted(utf8(example)),
                new MutationId("m"),
                oldIsElsewhere ? Json.NULL : null,
                null,
                null);
        Change change = record.change();
        assertThat(ChangeRecord.of(change)).isEqualTo(record);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("events")
    void anEventIsWrittenAsInItsExample(Example example) {
        JsonNode frame = example.json().tree();
        JsonNode event = frame.path("event").path("event");
        Json again = Frames.event(
                group(frame),
                id(frame),
                event.path("type").asString(),
                Json.of(event.path("data")),
                timestampMs(frame));
        assertThat(again).hasToString(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("syncs")
    void theAnswerToAJoinIsWrittenAsInItsExample(Example example) {
        JsonNode frame = example.json().tree();
        assertThat(answer(example.schema(), frame)).hasToString(example.text());
    }

    private static Json answer(String schema, JsonNode frame) {
        String id = id(frame);
        JsonNode value = frame.path("event").path("data");
        if (schema.equals("gateway/server.unauthorized")) {
            return Frames.unauthorized(group(frame), id, timestampMs(frame));
        }
        if (id != null) {
            return Frames.itemSync(group(frame), id, value.isNull() ? null : Json.of(value), timestampMs(frame));
        }
        List<Json> values = value.values().stream().map(Json::of).toList();
        return Frames.groupSync(group(frame), values, timestampMs(frame));
    }

    private static Group group(JsonNode frame) {
        return new Group(
                frame.path("streamName").asString(), frame.path("groupId").asString());
    }

    private static @Nullable String id(JsonNode frame) {
        return frame.path("id").isNull() ? null : frame.path("id").asString();
    }

    private static long timestampMs(JsonNode frame) {
        return frame.path("timestamp").asLong();
    }

    private static byte[] utf8(Example example) {
        return example.text().getBytes(StandardCharsets.UTF_8);
    }

    private static Stream<Example> examples(String... schemas) {
        return Stream.of(schemas).flatMap(schema -> Example.valid(schema).stream());
    }
}
