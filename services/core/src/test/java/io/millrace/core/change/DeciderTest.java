package io.millrace.core.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Address;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.update.OpError;
import io.millrace.core.update.UpdateOp;
import io.millrace.core.value.Json;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeciderTest {
    private static final long NOW_MICROS = 1_700_000_000_000_000L;
    private static final Version NOW = new Version(NOW_MICROS);
    private static final Version BEFORE = new Version(NOW_MICROS - 5_000);
    private static final MutationId ID = new MutationId("m-1");
    private static final StateAddress STATE = new StateAddress("s", "k");
    private static final StreamAddress ITEM = new StreamAddress("s", "g", "i");
    private static final Json ONE = Json.ofText("1");
    private static final Json TWO = Json.ofText("2");

    private final VersionClock clock = new VersionClock();
    private final Decider decider = new Decider(100);

    static List<Address> addresses() {
        return List.of(STATE, ITEM);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addresses")
    void whatIsSetWhereNothingWasIsCreated(Address address) {
        Decision decision = decide(Mutation.of(address, new Mutation.Set(ONE), ID), Current.MISSING);
        assertThat(decision)
                .isEqualTo(new Decision(
                        change(address, Change.Kind.CREATED, null, ONE), new Reply.Done(null, ONE, List.of(), NOW)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addresses")
    void whatIsSetWhereSomethingWasIsUpdatedEvenIfItIsTheSame(Address address) {
        for (Json old : List.of(TWO, ONE, Json.NULL)) {
            Decision decision =
                    new Decider(100).decide(set(address, ONE), present(old), new VersionClock(), NOW_MICROS);
            assertThat(decision)
                    .isEqualTo(new Decision(
                            change(address, Change.Kind.UPDATED, old, ONE), new Reply.Done(old, ONE, List.of(), NOW)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addresses")
    void whatIsDeletedIsDeleted(Address address) {
        Decision decision = decide(delete(address), present(ONE));
        assertThat(decision)
                .isEqualTo(new Decision(
                        change(address, Change.Kind.DELETED, ONE, null), new Reply.Done(ONE, null, List.of(), NOW)));
    }

    @Test
    void deletingAStateValueThatIsMissingIsAChange() {
        Decision decision = decide(delete(STATE), Current.MISSING);
        assertThat(decision)
                .isEqualTo(new Decision(
                        change(STATE, Change.Kind.DELETED, null, null), new Reply.Done(null, null, List.of(), NOW)));
    }

    @Test
    void deletingAnItemThatIsMissingIsNone() {
        Decision decision = decide(delete(ITEM), Current.MISSING);
        assertThat(decision).isEqualTo(new Decision(null, new Reply.Done(null, null, List.of(), Version.NONE)));
        assertThat(clock.last()).isEqualTo(Version.NONE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addresses")
    void anUpdateIsWrittenAlsoWhenNoOpSucceeds(Address address) {
        UpdateOp op = new UpdateOp.Set("prototype", ONE);
        Decision decision = decide(Mutation.of(address, new Mutation.Update(List.of(op)), ID), Current.MISSING);
        OpError error = new OpError(
                0, "set.path.proto_polluted", "Path segment 'prototype' is not allowed (prototype pollution).");
        assertThat(decision.reply()).isEqualTo(new Reply.Done(null, Json.ofText("{}"), List.of(error), NOW));
        Change change = Objects.requireNonNull(decision.change());
        assertThat(change.kind()).isEqualTo(Change.Kind.CREATED);
        assertThat(change.errors()).containsExactly(error);
    }

    @Test
    void anUpdateSeesTheValueBefore() {
        UpdateOp op = new UpdateOp.Increment("", 1);
        Decision decision = decide(Mutation.of(STATE, new Mutation.Update(List.of(op)), ID), present(ONE));
        assertThat(decision.change()).isEqualTo(change(STATE, Change.Kind.UPDATED, ONE, TWO));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addresses")
    void aMutationForAnotherVersionIsRefused(Address address) {
        for (Mutation.Ask ask : List.of(new Mutation.Set(ONE), new Mutation.Delete(), new Mutation.Update(List.of()))) {
            assertThat(decide(conditional(address, ask, NOW), present(ONE)))
                    .isEqualTo(new Decision(null, new Reply.VersionConflict(BEFORE)));
            assertThat(decide(conditional(address, ask, Version.NONE), present(ONE)))
                    .isEqualTo(new Decision(null, new Reply.VersionConflict(BEFORE)));
            assertThat(decide(conditional(address, ask, BEFORE), new Current.Missing(BEFORE)))
                    .isEqualTo(new Decision(null, new Reply.VersionConflict(Version.NONE)));
        }
        assertThat(clock.last()).isEqualTo(Version.NONE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addresses")
    void aMutationForThisVersionIsDecided(Address address) {
        assertThat(decide(conditional(address, new Mutation.Set(TWO), BEFORE), present(ONE))
                        .change())
                .isEqualTo(change(address, Change.Kind.UPDATED, ONE, TWO));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addresses")
    void versionNoneMeansMustNotExist(Address address) {
        Mutation mutation = conditional(address, new Mutation.Set(TWO), Version.NONE);
        assertThat(decide(mutation, Current.MISSING).change())
                .isEqualTo(change(address, Change.Kind.CREATED, null, TWO));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addresses")
    void aValueMayBeAsLargeAsTheLimit(Address address) {
        Json fits = Json.ofText('"' + "x".repeat(98) + '"');
        Json tooLarge = Json.ofText('"' + "é".repeat(49) + "x\"");
        assertThat(decide(set(address, fits), Current.MISSING).change()).isNotNull();
        assertThat(decide(set(address, tooLarge), Current.MISSING))
                .isEqualTo(new Decision(null, new Reply.ValueTooLarge(101, 100)));
        UpdateOp append = new UpdateOp.Append(List.of(), Json.ofText("\"x\""));
        assertThat(decide(Mutation.of(address, new Mutation.Update(List.of(append)), ID), present(fits)))
                .isEqualTo(new Decision(null, new Reply.ValueTooLarge(101, 100)));
        assertThat(decide(delete(address), present(tooLarge)).change()).isNotNull();
    }

    @Test
    void theTraceOfTheCallerGoesWithTheChange() {
        Mutation mutation = new Mutation(STATE, new Mutation.Set(ONE), ID, null, "00-trace");
        Change change = Objects.requireNonNull(decide(mutation, Current.MISSING).change());
        assertThat(change.traceParent()).isEqualTo("00-trace");
    }

    private Decision decide(Mutation mutation, Current current) {
        return decider.decide(mutation, current, clock, NOW_MICROS);
    }

    private static Current present(Json value) {
        return new Current.Present(value, BEFORE);
    }

    private static Mutation set(Address address, Json value) {
        return Mutation.of(address, new Mutation.Set(value), ID);
    }

    private static Mutation delete(Address address) {
        return Mutation.of(address, new Mutation.Delete(), ID);
    }

    private static Mutation conditional(Address address, Mutation.Ask ask, Version version) {
        return new Mutation(address, ask, ID, version, null);
    }

    private static Change change(Address address, Change.Kind kind, @Nullable Json oldValue, @Nullable Json newValue) {
        return new Change(address, ID, NOW, kind, oldValue, newValue, List.of(), null);
    }
}
