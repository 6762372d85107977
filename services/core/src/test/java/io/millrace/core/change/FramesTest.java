package io.millrace.core.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Address;
import io.millrace.core.address.Group;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.value.Json;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class FramesTest {
    private static final Group GROUP = new Group("s", "g");
    private static final long TIMESTAMP_MS = 1_700_000_000_000L;
    private static final Address STATE = new StateAddress("todos", "t\"1");
    private static final Address ITEM = new StreamAddress("s", "g", "item");

    @Test
    void aStateFrameIsTheStateEvent() {
        assertThat(frame(STATE, Change.Kind.CREATED, null, "{\"a\":1}"))
                .hasToString(
                        "{\"type\":\"state\",\"event_type\":\"state:created\",\"scope\":\"todos\",\"key\":\"t\\\"1\","
                                + "\"old_value\":null,\"new_value\":{\"a\":1},\"version\":1700000000000123}");
        assertThat(frame(STATE, Change.Kind.UPDATED, "1.0", "null"))
                .hasToString(
                        "{\"type\":\"state\",\"event_type\":\"state:updated\",\"scope\":\"todos\",\"key\":\"t\\\"1\","
                                + "\"old_value\":1.0,\"new_value\":null,\"version\":1700000000000123}");
        assertThat(frame(STATE, Change.Kind.DELETED, "[1]", null))
                .hasToString(
                        "{\"type\":\"state\",\"event_type\":\"state:deleted\",\"scope\":\"todos\",\"key\":\"t\\\"1\","
                                + "\"old_value\":[1],\"new_value\":null,\"version\":1700000000000123}");
        assertThat(frame(STATE, Change.Kind.DELETED, null, null))
                .hasToString(
                        "{\"type\":\"state\",\"event_type\":\"state:deleted\",\"scope\":\"todos\",\"key\":\"t\\\"1\","
                                + "\"old_value\":null,\"new_value\":null,\"version\":1700000000000123}");
    }

    @Test
    void aStreamFrameIsTheEnvelopeAndTheVersion() {
        assertThat(frame(ITEM, Change.Kind.CREATED, null, "{\"a\":1}"))
                .hasToString(
                        "{\"type\":\"stream\",\"timestamp\":1700000000000,\"streamName\":\"s\",\"groupId\":\"g\","
                                + "\"id\":\"item\",\"event\":{\"type\":\"create\",\"data\":{\"a\":1}},\"version\":1700000000000123}");
        assertThat(frame(ITEM, Change.Kind.UPDATED, "1", "2"))
                .hasToString("{\"type\":\"stream\",\"timestamp\":1700000000000,\"streamName\":\"s\",\"groupId\":\"g\","
                        + "\"id\":\"item\",\"event\":{\"type\":\"update\",\"data\":2},\"version\":1700000000000123}");
        assertThat(frame(ITEM, Change.Kind.DELETED, "1", null))
                .hasToString("{\"type\":\"stream\",\"timestamp\":1700000000000,\"streamName\":\"s\",\"groupId\":\"g\","
                        + "\"id\":\"item\",\"event\":{\"type\":\"delete\",\"data\":1},\"version\":1700000000000123}");
    }

    @Test
    void anEventIsNestedTwice() {
        assertThat(Frames.event(GROUP, "item", "spans", Json.ofText("{\"n\":1}"), TIMESTAMP_MS))
                .hasToString(
                        "{\"type\":\"stream\",\"timestamp\":1700000000000,\"streamName\":\"s\",\"groupId\":\"g\","
                                + "\"id\":\"item\",\"event\":{\"type\":\"event\",\"event\":{\"type\":\"spans\",\"data\":{\"n\":1}}}}");
        assertThat(Frames.event(GROUP, null, "", Json.NULL, TIMESTAMP_MS))
                .hasToString("{\"type\":\"stream\",\"timestamp\":1700000000000,\"streamName\":\"s\",\"groupId\":\"g\","
                        + "\"id\":null,\"event\":{\"type\":\"event\",\"event\":{\"type\":\"\",\"data\":null}}}");
    }

    @Test
    void aSyncIsTheItemOrTheValuesOfTheGroup() {
        assertThat(Frames.itemSync(GROUP, "item", Json.ofText("{\"n\":1}"), TIMESTAMP_MS))
                .hasToString("{\"type\":\"stream\",\"timestamp\":1700000000000,\"streamName\":\"s\",\"groupId\":\"g\","
                        + "\"id\":\"item\",\"event\":{\"type\":\"sync\",\"data\":{\"n\":1}}}");
        assertThat(Frames.itemSync(GROUP, "item", null, TIMESTAMP_MS))
                .hasToString("{\"type\":\"stream\",\"timestamp\":1700000000000,\"streamName\":\"s\",\"groupId\":\"g\","
                        + "\"id\":\"item\",\"event\":{\"type\":\"sync\",\"data\":null}}");
        assertThat(Frames.groupSync(GROUP, List.of(Json.ofText("1"), Json.NULL), TIMESTAMP_MS))
                .hasToString("{\"type\":\"stream\",\"timestamp\":1700000000000,\"streamName\":\"s\",\"groupId\":\"g\","
                        + "\"id\":null,\"event\":{\"type\":\"sync\",\"data\":[1,null]}}");
        assertThat(Frames.groupSync(GROUP, List.of(), TIMESTAMP_MS))
                .hasToString("{\"type\":\"stream\",\"timestamp\":1700000000000,\"streamName\":\"s\",\"groupId\":\"g\","
                        + "\"id\":null,\"event\":{\"type\":\"sync\",\"data\":[]}}");
    }

    @Test
    void aRejectedJoinIsToldSo() {
        assertThat(Frames.unauthorized(GROUP, "item", TIMESTAMP_MS))
                .hasToString("{\"type\":\"stream\",\"timestamp\":1700000000000,\"streamName\":\"s\",\"groupId\":\"g\","
                        + "\"id\":\"item\",\"event\":{\"type\":\"unauthorized\"}}");
        assertThat(Frames.unauthorized(GROUP, null, TIMESTAMP_MS))
                .hasToString("{\"type\":\"stream\",\"timestamp\":1700000000000,\"streamName\":\"s\",\"groupId\":\"g\","
                        + "\"id\":null,\"event\":{\"type\":\"unauthorized\"}}");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void everyFrameIsCompactJsonThatSaysWhatItWasMadeOf(long seed) {
        RandomChanges random = new RandomChanges(new SplittableRandom(seed));
        for (int i = 0; i < 100; i++) {
            if (random.address() instanceof StreamAddress item) {
                Json value = random.value();
                String id = random.nameOrNone();
                Json frame = Frames.event(item.unit(), id, item.itemId(), value, TIMESTAMP_MS);
                JsonNode read = frame.tree();
                assertThat(Json.of(read).tree()).isEqualTo(read);
                assertThat(read.path("streamName").stringValue()).isEqualTo(item.streamName());
                assertThat(read.path("groupId").stringValue()).isEqualTo(item.groupId());
                assertThat(read.path("id").stringValue(null)).isEqualTo(id);
                assertThat(read.path("event").path("event").path("type").stringValue())
                        .isEqualTo(item.itemId());
                assertThat(Json.of(read.path("event").path("event").path("data")))
                        .isEqualTo(value);
            }
        }
    }

    private static @Nullable Json frame(
            Address address, Change.Kind kind, @Nullable String oldValue, @Nullable String newValue) {
        Change change = new Change(
                address,
                new MutationId("m"),
                new Version(1_700_000_000_000_123L),
                kind,
                oldValue == null ? null : Json.ofText(oldValue),
                newValue == null ? null : Json.ofText(newValue),
                List.of(),
                null);
        return ChangeRecord.of(change).frame();
    }
}
