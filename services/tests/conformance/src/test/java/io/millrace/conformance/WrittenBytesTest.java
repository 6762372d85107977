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
import io.millrace.engine.feed.Form;
import io.millrace.engine.feed.FrameEncoder;
import io.millrace.engine.gate.Arrival;
import io.millrace.engine.gate.Visit;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.presence.EntryKey;
import io.millrace.engine.presence.PresenceRecord;
import io.millrace.web.stream.GatewayEvents;
import io.millrace.web.stream.StreamGateway;
import io.millrace.web.stream.StreamGatewayConfig;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every example of what we write, read and written again, is the same bytes. */
class WrittenBytesTest {
    private static final String WITH_CURSOR = "with-cursor";
    private static final FrameEncoder ENCODER =
            StreamGateway.encoder(StreamGatewayConfig.Compression.NONE, new GatewayEvents() {});

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

    static Stream<Example> provided() {
        return examples("gateway/server.provided");
    }

    static List<Example> subscriptions() {
        return Example.valid("gateway/subscription.payload");
    }

    static Stream<Example> subscribers() {
        return examples("topics/presence.value", "common/subscriber");
    }

    static List<Example> subscriberKeys() {
        return Example.valid("topics/presence.key");
    }

    static List<Example> starts() {
        return Example.valid("topics/presence.start.value");
    }

    static List<Example> claims() {
        return Example.valid("topics/presence.claim.value");
    }

    static List<Example> handshakes() {
        return Example.valid("gateway/handshake.payload");
    }

    static Stream<Example> syncs() {
        return examples("gateway/server.sync-item", "gateway/server.sync-group", "gateway/server.unauthorized");
    }

    static Stream<Example> answersToJoins() {
        return examples("gateway/server.reset", "gateway/server.refused");
    }

    /** Of every frame that may tell one. */
    static Stream<Example> withCursors() {
        return Example.all()
                .filter(example -> example.isValid() && example.name().endsWith(WITH_CURSOR));
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

    static List<Example> deadLetters() {
        return Example.valid("topics/dead-letters.value");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deadLetters")
    void aDeadLetterIsWrittenAsInItsExample(Example example) {
        DeadLetter letter = DeadLetter.of(Json.ofTrusted(utf8(example)));
        assertThat(letter).isNotNull();
        if (letter != null) {
            assertThat(letter.toJson()).hasToString(example.text());
            assertThat(Schemas.problems("topics/dead-letters.key", letter.key()))
                    .isEmpty();
        }
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

    @ParameterizedTest(name = "{0}")
    @MethodSource("answersToJoins")
    void aResetOrRefusalIsWrittenAsInItsExample(Example example) {
        JsonNode frame = example.json().tree();
        String reason = frame.path("event").path("reason").asString();
        Json again = example.schema().equals("gateway/server.reset")
                ? Frames.reset(group(frame), id(frame), reason, timestampMs(frame))
                : Frames.refused(group(frame), id(frame), reason, timestampMs(frame));
        assertThat(again).hasToString(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withCursors")
    void aFrameWithACursorIsWrittenAsInItsExample(Example example) {
        JsonNode frame = example.json().tree();
        String cursor = frame.path("cursor").asString();
        String bare = example.text().replace(",\"cursor\":\"" + cursor + "\"", "");
        if (example.schema().equals("gateway/server.cursor")) {
            assertThat(Frames.cursor(group(frame), id(frame), timestampMs(frame)))
                    .hasToString(bare);
        }
        byte[] wire = ENCODER.encode(Form.MESSAGE_CURSOR, Json.ofText(bare), cursor);
        assertThat(new String(wire, StandardCharsets.UTF_8)).endsWith(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("provided")
    void aChangeOfAProvidedStreamIsWrittenAsInItsExample(Example example) {
        JsonNode frame = example.json().tree();
        Change.Kind kind = switch (frame.path("event").path("type").asString()) {
            case "create" -> Change.Kind.CREATED;
            case "update" -> Change.Kind.UPDATED;
            default -> Change.Kind.DELETED;
        };
        Json again = Frames.provided(
                group(frame),
                frame.path("id").asString(),
                kind,
                Json.of(frame.path("event").path("data")),
                timestampMs(frame));
        assertThat(again).hasToString(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("subscriptions")
    void whatJoinAndLeaveFunctionsGetIsWrittenAsInItsExample(Example example) {
        JsonNode payload = example.json().tree();
        JsonNode context = payload.path("context");
        Visit visit = new Visit(
                1,
                payload.path("subscription_id").asString(),
                new Group(
                        payload.path("stream_name").asString(),
                        payload.path("group_id").asString()),
                id(payload),
                context.isNull() ? null : Json.of(context));
        assertThat(visit.payload()).hasToString(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("subscribers")
    void aSubscriptionThatIsKeptIsWrittenAsInItsExample(Example example) {
        JsonNode value = example.json().tree();
        JsonNode context = value.path("context");
        Visit visit = new Visit(
                1,
                value.path("subscription_id").asString(),
                new Group(
                        value.path("stream_name").asString(),
                        value.path("group_id").asString()),
                id(value),
                context.isNull() ? null : Json.of(context));
        Json again = PresenceRecord.subscription(
                visit, value.path("node").asString(), value.path("since").asLong());
        assertThat(again).hasToString(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("subscriberKeys")
    void theKeyOfOneIsWrittenAsInItsExample(Example example) {
        assertThat(EntryKey.of(example.json()))
                .isNotNull()
                .satisfies(key -> assertThat(String.valueOf(key == null ? null : key.toJson()))
                        .isEqualTo(example.text()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("starts")
    void aStartIsWrittenAsInItsExample(Example example) {
        JsonNode value = example.json().tree();
        assertThat(PresenceRecord.start(
                        value.path("node").asString(), value.path("since").asLong()))
                .hasToString(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("claims")
    void aClaimIsWrittenAsInItsExample(Example example) {
        JsonNode value = example.json().tree();
        assertThat(PresenceRecord.claim(
                        value.path("node").asString(),
                        value.path("since").asLong(),
                        value.path("gone").asLong(),
                        value.path("teller").asString(),
                        value.path("teller_start").asLong()))
                .hasToString(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("handshakes")
    void whatTheAuthFunctionGetsIsWrittenAsInItsExample(Example example) {
        JsonNode payload = example.json().tree();
        Map<String, String> headers = new LinkedHashMap<>();
        payload.path("headers").forEachEntry((name, value) -> headers.put(name, value.asString()));
        Map<String, List<String>> params = new LinkedHashMap<>();
        payload.path("query_params")
                .forEachEntry((name, values) -> params.put(
                        name, values.values().stream().map(JsonNode::asString).toList()));
        Arrival arrival = new Arrival(
                headers,
                payload.path("path").asString(),
                params,
                payload.path("addr").asString());
        assertThat(arrival.payload()).hasToString(example.text());
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
        return Stream.of(schemas)
                .flatMap(schema -> Example.valid(schema).stream())
                .filter(example -> !example.name().endsWith(WITH_CURSOR));
    }
}
