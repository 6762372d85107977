package io.millrace.core.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.address.Address;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.address.UnreadableKeyException;
import io.millrace.core.update.OpError;
import io.millrace.core.value.Json;
import io.millrace.core.value.UnreadableTextException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeRecordTest {
    private static final Address STATE = new StateAddress("s", "k");
    private static final Address ITEM = new StreamAddress("s", "g", "i");
    private static final MutationId ID = new MutationId("m-1");
    private static final Version VERSION = new Version(1_700_000_000_000_123L);

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void aRecordHoldsAllOfAChange(long seed) {
        RandomChanges random = new RandomChanges(new SplittableRandom(seed));
        for (int i = 0; i < 200; i++) {
            Change change = random.change();
            ChangeRecord record = fromTheLog(ChangeRecord.of(change));
            assertThat(record.change()).isEqualTo(change);
            assertThat(record.change().reply()).isEqualTo(change.reply());
            assertThat(ChangeRecord.of(record.change())).isEqualTo(ChangeRecord.of(change));
            assertThat(Frames.current(change.address().space(), frame(record).utf8()))
                    .isEqualTo(change.current());
        }
    }

    @Test
    void whatTheFrameSaysIsInNoHeader() {
        ChangeRecord updated = ChangeRecord.of(change(STATE, Change.Kind.UPDATED, Json.NULL, json("1")));
        assertThat(updated.oldValue()).isNull();
        assertThat(updated.errors()).isNull();
        assertThat(ChangeRecord.of(change(ITEM, Change.Kind.DELETED, json("1"), null))
                        .oldValue())
                .isNull();
        assertThat(ChangeRecord.of(change(ITEM, Change.Kind.DELETED, Json.NULL, null))
                        .oldValue())
                .isNull();
        assertThat(ChangeRecord.of(change(STATE, Change.Kind.DELETED, null, null))
                        .oldValue())
                .isNull();
        assertThat(ChangeRecord.of(change(ITEM, Change.Kind.CREATED, null, Json.NULL))
                        .oldValue())
                .isNull();
    }

    @Test
    void whatTheFrameDoesNotSayIsInAHeader() {
        assertThat(ChangeRecord.of(change(ITEM, Change.Kind.UPDATED, json("1"), json("2")))
                        .oldValue())
                .isEqualTo(json("1"));
        assertThat(ChangeRecord.of(change(STATE, Change.Kind.DELETED, Json.NULL, null))
                        .oldValue())
                .isEqualTo(Json.NULL);
    }

    @Test
    void theErrorsOfOpsAreWrittenAsInTheReply() {
        Change change = new Change(
                STATE,
                ID,
                VERSION,
                Change.Kind.CREATED,
                null,
                json("{}"),
                List.of(new OpError(3, "a.b", "c\"d")),
                null);
        assertThat(ChangeRecord.of(change).errors())
                .hasToString("[{\"op_index\":3,\"code\":\"a.b\",\"message\":\"c\\\"d\","
                        + "\"doc_url\":\"https://iii.dev/docs/workers/iii-state#error-codes\"}]");
    }

    @Test
    void aTombstoneIsNoChange() {
        ChangeRecord tombstone = ChangeRecord.tombstone(STATE.recordKey());
        assertThat(tombstone.isTombstone()).isTrue();
        assertThat(ChangeRecord.barrier().isTombstone()).isTrue();
        assertThat(ChangeRecord.barrier().key().isBarrier()).isTrue();
        assertThat(tombstone.sizeBytes()).isGreaterThan(STATE.recordKey().array().length);
        assertThatThrownBy(tombstone::change).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"type\":\"state\"}",
                "{\"event_type\":\"state:created\",\"version\":1}",
                "{\"event_type\":\"state:made\",\"old_value\":1,\"new_value\":2,\"version\":1}",
                "{\"event_type\":\"state:updated\",\"old_value\":1,\"new_value\":2}",
                "{\"event_type\":\"state:updated\",\"new_value\":2,\"version\":1}",
                "{\"event_type\":\"state:updated\",\"old_value\":1,\"new_value\":2,\"version\":0}",
                "{\"event_type\":\"state:updated\",\"old_value\":1,\"new_value\":2,\"version\":9007199254740993}",
                "{\"event_type\":\"state:updated\",\"old_value\":1,\"new_value\":2,\"version\":\"1\"}",
                "{\"event_type\":\"state:updated\",\"old_value\":1,\"new_value\":2,\"version\":1"
            })
    void aStateFrameThatLacksAPartIsUnreadable(String frame) {
        assertThatThrownBy(() -> record(STATE, frame, null, null).change()).isInstanceOf(UnreadableTextException.class);
        assertThatThrownBy(() -> Frames.current(Space.STATE, frame.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableTextException.class);
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(
            strings = {
                "{\"event\":{\"type\":\"update\"},\"version\":1}",
                "{\"event\":{\"data\":1},\"version\":1}",
                "{\"event\":5,\"version\":1}",
                "{\"event\":{\"type\":\"sync\",\"data\":1},\"version\":1}",
                "{\"event\":{\"type\":\"event\",\"event\":{\"type\":\"x\",\"data\":1}},\"version\":1}",
                "{\"event\":{\"type\":\"create\",\"data\":1}}"
            })
    void aStreamFrameThatIsNoChangeIsUnreadable(String frame) {
        assertThatThrownBy(() -> record(ITEM, frame, null, null).change()).isInstanceOf(UnreadableTextException.class);
    }

    @Test
    void aRecordThatLacksAHeaderOrHasAWrongOneIsUnreadable() {
        String updated = "{\"event\":{\"type\":\"update\",\"data\":1},\"version\":1}";
        assertThatThrownBy(() -> record(ITEM, updated, null, null).change())
                .isInstanceOf(UnreadableTextException.class)
                .hasMessageContaining("expected: ");
        for (String errors :
                List.of("{}", "5", "[{}]", "[{\"op_index\":\"0\",\"code\":\"a\",\"message\":\"b\"}]", "[")) {
            assertThatThrownBy(() -> record(ITEM, updated, "2", errors).change())
                    .isInstanceOf(UnreadableTextException.class);
        }
        ChangeRecord nameless = new ChangeRecord(ITEM.recordKey(), json(updated), null, json("2"), null, null);
        assertThatThrownBy(nameless::change)
                .isInstanceOf(UnreadableTextException.class)
                .hasMessageContaining(ChangeRecord.MUTATION_ID);
    }

    @Test
    void aKeyOfNoAddressIsUnreadable() {
        RecordKey key = RecordKey.ofBytes(new byte[] {'x'});
        ChangeRecord record = new ChangeRecord(key, json("{}"), ID, null, null, null);
        assertThatThrownBy(record::change).isInstanceOf(UnreadableKeyException.class);
    }

    @Test
    void aChangeHoldsTheValuesItsKindSays() {
        assertThatThrownBy(() -> change(STATE, Change.Kind.CREATED, json("1"), json("2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("change CREATED of {\"scope\":\"s\",\"key\":\"k\"}: from a value to a value"
                        + " (expected: what the kind says)");
        assertThatThrownBy(() -> change(STATE, Change.Kind.CREATED, null, null)).isNotNull();
        assertThatThrownBy(() -> change(STATE, Change.Kind.UPDATED, null, json("2")))
                .isNotNull();
        assertThatThrownBy(() -> change(STATE, Change.Kind.UPDATED, json("1"), null))
                .isNotNull();
        assertThatThrownBy(() -> change(STATE, Change.Kind.DELETED, json("1"), json("2")))
                .isNotNull();
        assertThatThrownBy(() -> change(ITEM, Change.Kind.DELETED, null, null)).isNotNull();
    }

    private static Change change(Address address, Change.Kind kind, @Nullable Json oldValue, @Nullable Json newValue) {
        return new Change(address, ID, VERSION, kind, oldValue, newValue, List.of(), null);
    }

    private static ChangeRecord record(
            Address address, String frame, @Nullable String oldValue, @Nullable String errors) {
        return new ChangeRecord(address.recordKey(), trusted(frame), ID, trusted(oldValue), trusted(errors), null);
    }

    /** The same record, as another process reads it: bytes only. */
    private static ChangeRecord fromTheLog(ChangeRecord record) {
        return new ChangeRecord(
                RecordKey.ofBytes(record.key().array().clone()),
                trusted(String.valueOf(record.frame())),
                record.mutationId(),
                record.oldValue() == null ? null : trusted(record.oldValue().toString()),
                record.errors() == null ? null : trusted(record.errors().toString()),
                record.traceParent());
    }

    private static Json frame(ChangeRecord record) {
        Json frame = record.frame();
        if (frame == null) {
            throw new AssertionError("tombstone");
        }
        return frame;
    }

    private static @Nullable Json trusted(@Nullable String text) {
        return text == null ? null : Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Json json(String text) {
        return Json.ofText(text);
    }
}
