package io.millrace.core.change;

import io.millrace.core.RandomJson;
import io.millrace.core.address.Address;
import io.millrace.core.address.Space;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.update.OpError;
import io.millrace.core.value.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Random changes, each of which may have happened. */
public final class RandomChanges {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final SplittableRandom chance;
    private final RandomJson random;

    /** Draws from {@code chance}. */
    public RandomChanges(SplittableRandom chance) {
        this.chance = chance;
        this.random = new RandomJson(chance);
    }

    /** A change of either space. */
    public Change change() {
        Address address = address();
        Change.Kind kind = random.pick(List.of(Change.Kind.values()));
        boolean deletesNothing = kind == Change.Kind.DELETED && address.space() == Space.STATE && chance.nextBoolean();
        boolean hadNone = kind == Change.Kind.CREATED || deletesNothing;
        return new Change(
                address,
                new MutationId("m" + chance.nextInt(1_000)),
                new Version(chance.nextLong(1, Version.MAX_MICROS + 1)),
                kind,
                hadNone ? null : value(),
                kind == Change.Kind.DELETED ? null : value(),
                kind == Change.Kind.DELETED ? List.of() : errors(),
                chance.nextBoolean() ? TRACE : null);
    }

    /** An address of either space, of nasty names. */
    public Address address() {
        return chance.nextBoolean()
                ? new StateAddress(random.name(), random.name())
                : new StreamAddress(random.name(), random.name(), random.name());
    }

    /** A value, often JSON's null. */
    public Json value() {
        return chance.nextInt(4) == 0 ? Json.NULL : random.value();
    }

    /** A nasty name, or at times none. */
    public @Nullable String nameOrNone() {
        return chance.nextInt(4) == 0 ? null : random.name();
    }

    private List<OpError> errors() {
        List<OpError> errors = new ArrayList<>();
        for (int i = chance.nextInt(3); i > 0; i--) {
            errors.add(new OpError(
                    chance.nextInt(100),
                    "set.target_not_object",
                    "Cannot set at path '" + random.name() + "': target is null, expected object."));
        }
        return errors;
    }
}
