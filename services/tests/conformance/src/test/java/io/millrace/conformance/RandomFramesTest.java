package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.change.Change;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.Frames;
import io.millrace.core.change.RandomChanges;
import io.millrace.core.value.Json;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Whatever happens, what is written of it fits the schemas. */
class RandomFramesTest {
    private static final long TIMESTAMP_MS = 1_700_000_000_000L;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void theRecordOfAChangeFitsTheSchemasOfItsTopic(long seed) {
        RandomChanges random = new RandomChanges(new SplittableRandom(seed));
        for (int i = 0; i < 30; i++) {
            Change change = random.change();
            ChangeRecord record = ChangeRecord.of(change);
            String topic = switch (change.address().space()) {
                case STATE -> "topics/state.changes";
                case STREAM -> "topics/stream.changes";
            };
            assertFits(topic + ".key", Json.ofTrusted(record.key().array()));
            assertFits(topic + ".value", record.frame());
            assertFits("topics/changes.headers", headers(record));
            if (record.errors() != null) {
                for (JsonNode error : record.errors().tree()) {
                    assertFits("common/op-error", Json.of(error));
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void everyFrameFitsTheSchemaOfItsKindAndNoOther(long seed) {
        RandomChanges random = new RandomChanges(new SplittableRandom(seed));
        for (int i = 0; i < 30; i++) {
            Change change = random.change();
            if (change.address() instanceof StreamAddress item) {
                String kind = switch (change.kind()) {
                    case CREATED -> "create";
                    case UPDATED -> "update";
                    case DELETED -> "delete";
                };
                for (String other : List.of("create", "update", "delete")) {
                    boolean fits = Schemas.problems(
                                    "gateway/server." + other,
                                    required(ChangeRecord.of(change).frame()))
                            .isEmpty();
                    assertThat(fits).isEqualTo(other.equals(kind));
                }
                assertToldFramesFit(item, random);
            }
        }
    }

    private static void assertToldFramesFit(StreamAddress item, RandomChanges random) {
        Group group = item.unit();
        String id = random.nameOrNone();
        assertFits("topics/stream.events.key", Json.ofTrusted(group.eventKey().array()));
        Json event = Frames.event(group, id, item.itemId(), random.value(), TIMESTAMP_MS);
        assertFits("topics/stream.events.value", event);
        assertFits("gateway/server.event", event);
        assertFits("gateway/server.unauthorized", Frames.unauthorized(group, id, TIMESTAMP_MS));
        assertFits("gateway/server.sync-item", Frames.itemSync(group, item.itemId(), random.value(), TIMESTAMP_MS));
        assertFits("gateway/server.sync-item", Frames.itemSync(group, item.itemId(), null, TIMESTAMP_MS));
        List<Json> values = List.of(random.value(), random.value());
        assertFits("gateway/server.sync-group", Frames.groupSync(group, values, TIMESTAMP_MS));
    }

    /** The headers as the object that their schema describes. */
    private static Json headers(ChangeRecord record) {
        ObjectNode headers = JsonNodeFactory.instance.objectNode();
        put(headers, ChangeRecord.MUTATION_ID, record.mutationId());
        put(headers, ChangeRecord.OLD_VALUE, record.oldValue());
        put(headers, ChangeRecord.OP_ERRORS, record.errors());
        put(headers, ChangeRecord.TRACE_PARENT, record.traceParent());
        return Json.of(headers);
    }

    private static void put(ObjectNode headers, String name, @Nullable Object value) {
        if (value != null) {
            headers.put(name, value.toString());
        }
    }

    private static void assertFits(String schema, @Nullable Json value) {
        assertThat(Schemas.problems(schema, required(value)))
                .as("%s: %s", schema, value)
                .isEmpty();
    }

    private static Json required(@Nullable Json value) {
        assertThat(value).isNotNull();
        return value == null ? Json.NULL : value;
    }
}
