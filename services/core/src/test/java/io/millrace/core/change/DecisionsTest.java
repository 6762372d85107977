package io.millrace.core.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.RandomJson;
import io.millrace.core.address.Address;
import io.millrace.core.address.Space;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.update.UpdateOp;
import io.millrace.core.value.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws of many decisions in one partition, under a wall clock that stands still and jumps both ways. */
class DecisionsTest {
    private static final int MUTATIONS = 2_000;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void versionsStrictlyIncreaseWithinAPartition(long seed) {
        Version last = Version.NONE;
        for (Change change : new Partition(seed).changes(MUTATIONS)) {
            assertThat(change.version()).isGreaterThan(last);
            last = change.version();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void timestampsStrictlyIncreasePerItemEvenWhenItIsDeletedForgottenAndCreatedAgain(long seed) {
        Map<Address, Long> last = new HashMap<>();
        for (Change change : new Partition(seed).changes(MUTATIONS)) {
            if (change.address().space() == Space.STREAM) {
                long timestampMs = change.version().timestampMs();
                Long before = last.put(change.address(), timestampMs);
                assertThat(timestampMs).isGreaterThan(before == null ? -1 : before);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void everyChangeBeginsWhereTheLastOneOfItsAddressEnded(long seed) {
        Map<Address, Change> last = new HashMap<>();
        for (Change change : new Partition(seed).changes(MUTATIONS)) {
            Change before = last.put(change.address(), change);
            assertThat(change.oldValue()).isEqualTo(before == null ? null : before.newValue());
            assertThat(change.kind() == Change.Kind.CREATED)
                    .isEqualTo(change.oldValue() == null && change.newValue() != null);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void theSameInputsAreTheSameBytes(long seed) {
        List<ChangeRecord> once = new Partition(seed)
                .changes(MUTATIONS).stream().map(ChangeRecord::of).toList();
        List<ChangeRecord> again = new Partition(seed)
                .changes(MUTATIONS).stream().map(ChangeRecord::of).toList();
        assertThat(once).isEqualTo(again).hasSizeGreaterThan(MUTATIONS / 2);
    }

    /** One owner after the other, deciding on what they hold. */
    private static final class Partition {
        private final SplittableRandom chance;
        private final RandomJson random;
        private final Decider decider = new Decider(10_000);
        private final Map<Address, Current> held = new HashMap<>();
        private VersionClock clock = new VersionClock();
        private long nowMicros = 1_700_000_000_000_000L;

        Partition(long seed) {
            chance = new SplittableRandom(seed);
            random = new RandomJson(chance);
        }

        List<Change> changes(int mutations) {
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < mutations; i++) {
                passTime(changes);
                Mutation mutation = Mutation.of(address(), ask(), new MutationId("m" + i));
                Current current = held.getOrDefault(mutation.address(), Current.MISSING);
                Change change =
                        decider.decide(mutation, current, clock, nowMicros).change();
                if (change != null) {
                    changes.add(change);
                    held.put(change.address(), change.current());
                }
            }
            return changes;
        }

        private void passTime(List<Change> changes) {
            switch (chance.nextInt(200)) {
                case 0 -> nowMicros -= chance.nextInt(5_000_000);
                case 1 -> nowMicros += chance.nextInt(5_000_000);
                case 2 -> {
                    // A new owner, which reads the log.
                    clock = new VersionClock();
                    changes.forEach(change -> clock.observe(change.version()));
                }
                // Materialised: the store remembers no deletes.
                case 3, 4, 5, 6 -> held.values().removeIf(current -> current instanceof Current.Missing);
                default -> nowMicros += chance.nextInt(300);
            }
        }

        private Address address() {
            String name = random.pick(List.of("a", "b", "c"));
            return chance.nextBoolean() ? new StateAddress("s", name) : new StreamAddress("s", "g", name);
        }

        private Mutation.Ask ask() {
            Json value = random.value();
            return switch (chance.nextInt(4)) {
                case 0 -> new Mutation.Delete();
                case 1 -> new Mutation.Update(List.of(new UpdateOp.Set("", value), new UpdateOp.Increment("n", 1)));
                default -> new Mutation.Set(value);
            };
        }
    }
}
