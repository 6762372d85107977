package io.millrace.testkit.linear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinearizabilityTest {
    private final List<Operation> history = new ArrayList<>();

    @Test
    void whatOneClientDoesInTurnIsExplained() {
        put(0, 1, null, "a", 10);
        see(2, 3, "a");
        add(new Ask.PutIf("b", 10), new Answer.Written("a", "b", 20), 4, 5);
        add(new Ask.PutIf("c", 10), new Answer.Refused(20), 6, 7);
        add(new Ask.Remove(), new Answer.Removed("b"), 8, 9);
        see(10, 11, null);
        add(new Ask.PutIf("d", 0), new Answer.Written(null, "d", 40), 12, 13);
        add(new Ask.Get(), new Answer.Seen("d", 40), 14, 15);

        assertThat(Linearizability.check(history)).isEqualTo(new Verdict.Linearizable(1, 8, 0));
    }

    @Test
    void whatHappensAtTheSameTimeMayBeInAnyOrder() {
        put(0, 10, "b", "a", 20);
        put(1, 9, null, "b", 10);
        see(2, 8, "b");
        see(3, 7, null);
        see(11, 12, "a");

        assertThat(Linearizability.check(history)).isInstanceOf(Verdict.Linearizable.class);
    }

    @Test
    void aStaleReadIsRefused() {
        put(0, 1, null, "a", 10);
        put(2, 3, "a", "b", 20);
        see(4, 5, "a");

        assertThat(violation()).contains("5 µs", "Seen[value=a");
    }

    @Test
    void aReadThatGoesBackIsRefusedThoughTheWriteHasNotReturned() {
        put(0, 1, null, "a", 10);
        put(2, 100, "a", "b", 20);
        see(4, 5, "b");
        see(6, 7, "a");

        violation();
    }

    @Test
    void aLostAcknowledgedWriteIsRefused() {
        put(0, 1, null, "a", 10);
        put(2, 3, "a", "b", 20);
        put(4, 5, "a", "c", 30);

        violation();
    }

    @Test
    void aLostUpdateIsRefused() {
        put(0, 1, null, "1", 10);
        add(new Ask.Add(1), new Answer.Written("1", "2", 20), 2, 6);
        add(new Ask.Add(1), new Answer.Written("1", "2", 30), 3, 7);

        violation();
    }

    @Test
    void anIncrementThatCountsTwiceIsRefused() {
        add(new Ask.Add(1), new Answer.Written(null, "1", 10), 0, 1);
        add(new Ask.Add(1), new Answer.Written("1", "2", 20), 2, 3);
        see(4, 5, "3");

        violation();
    }

    @Test
    void anIncrementOfUnknownOutcomeMayCountOnceButNotTwice() {
        add(new Ask.Add(1), new Answer.Written(null, "1", 10), 0, 1);
        add(new Ask.Add(1), new Answer.Unknown(), 2, 3);
        see(4, 5, "1");
        see(6, 7, "2");
        assertThat(Linearizability.check(history)).isEqualTo(new Verdict.Linearizable(1, 4, 1));

        see(8, 9, "3");
        violation();
    }

    @Test
    void aWriteOfUnknownOutcomeMayNeverHappen() {
        put(0, 1, null, "a", 10);
        add(new Ask.Put("b"), new Answer.Unknown(), 2, 3);
        put(4, 5, "a", "c", 20);
        see(6, 7, "c");

        assertThat(Linearizability.check(history)).isInstanceOf(Verdict.Linearizable.class);
    }

    @Test
    void aWriteOfUnknownOutcomeCannotHappenBeforeItWasAsked() {
        put(0, 1, null, "a", 10);
        see(2, 3, "b");
        add(new Ask.Put("b"), new Answer.Unknown(), 4, 5);

        violation();
    }

    @Test
    void aConditionThatHoldsForTwoIsRefused() {
        put(0, 1, null, "a", 10);
        add(new Ask.PutIf("b", 10), new Answer.Written("a", "b", 20), 2, 5);
        add(new Ask.PutIf("c", 10), new Answer.Written("a", "c", 30), 3, 6);

        violation();
    }

    @Test
    void aVersionThatGoesBackIsRefused() {
        put(0, 1, null, "a", 20);
        put(2, 3, "a", "b", 10);

        violation();
    }

    @Test
    void aVersionOfAnotherValueIsRefused() {
        put(0, 1, null, "a", 10);
        add(new Ask.Get(), new Answer.Seen("a", 11), 2, 3);

        violation();
    }

    @Test
    void theVersionOfAWriteOfUnknownOutcomeIsLearntOnce() {
        put(0, 1, null, "a", 10);
        add(new Ask.Put("b"), new Answer.Unknown(), 2, 3);
        add(new Ask.Get(), new Answer.Seen("b", 17), 4, 5);
        assertThat(Linearizability.check(history)).isInstanceOf(Verdict.Linearizable.class);

        add(new Ask.Get(), new Answer.Seen("b", 18), 6, 7);
        violation();
    }

    @Test
    void aRefusalThatNamesTheVersionAskedForIsRefused() {
        put(0, 1, null, "a", 10);
        add(new Ask.PutIf("b", 10), new Answer.Refused(10), 2, 3);

        violation();
    }

    @Test
    void keysAreIndependent() {
        put(0, 1, null, "a", 10);
        history.add(new Operation(1, "other", new Ask.Get(), new Answer.Seen("x"), 2, 3));

        assertThat(Linearizability.check(history))
                .isInstanceOfSatisfying(
                        Verdict.Violated.class, found -> assertThat(found.key()).isEqualTo("other"));
    }

    @Test
    void aSearchThatTakesTooLongIsNoProof() {
        for (int i = 0; i < 30; i++) {
            add(new Ask.Put("v" + i), new Answer.Unknown(), 0, 1);
        }
        see(2, 3, "nobody wrote this");

        assertThat(Linearizability.check(history, 1_000)).isInstanceOf(Verdict.Undecided.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatARegisterDoesIsExplainedAndATamperedReadIsNot(long seed) {
        List<Operation> genuine = new RandomHistory(seed).operations(400);
        assertThat(Linearizability.check(genuine)).isInstanceOf(Verdict.Linearizable.class);

        List<Operation> tampered = new ArrayList<>(genuine);
        for (int i = tampered.size() - 1; i >= 0; i--) {
            if (tampered.get(i).answer() instanceof Answer.Written written) {
                Operation operation = tampered.get(i);
                tampered.set(
                        i,
                        new Operation(
                                operation.client(),
                                operation.key(),
                                operation.ask(),
                                new Answer.Written("tampered", written.after(), written.version()),
                                operation.invokedNs(),
                                operation.returnedNs()));
                break;
            }
        }
        assertThat(Linearizability.check(tampered)).isInstanceOf(Verdict.Violated.class);
    }

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20));
    }

    private void put(long fromMicros, long toMicros, @Nullable String before, String after, long version) {
        add(new Ask.Put(after), new Answer.Written(before, after, version), fromMicros, toMicros);
    }

    private void see(long fromMicros, long toMicros, @Nullable String value) {
        add(new Ask.Get(), new Answer.Seen(value), fromMicros, toMicros);
    }

    private void add(Ask ask, Answer answer, long fromMicros, long toMicros) {
        history.add(new Operation(history.size(), "k", ask, answer, fromMicros * 1_000, toMicros * 1_000));
    }

    private String violation() {
        Verdict verdict = Linearizability.check(history);
        assertThat(verdict).isInstanceOf(Verdict.Violated.class);
        return verdict instanceof Verdict.Violated violated ? violated.explanation() : "";
    }

    /** What clients of a true register would be told, some of them nothing. */
    private static final class RandomHistory {
        private final SplittableRandom random;
        private Register register = Register.EMPTY;
        private long version;
        private long nowNs;

        RandomHistory(long seed) {
            this.random = new SplittableRandom(seed);
        }

        List<Operation> operations(int count) {
            List<Operation> operations = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                nowNs += random.nextLong(1_000);
                Ask ask = ask(i);
                Answer answer = answer(ask);
                Register after = register.after(ask, answer);
                if (after == null) {
                    throw new IllegalStateException(ask + " -> " + answer + " of " + register);
                }
                register = after;
                boolean lost = random.nextInt(40) == 0;
                // It took effect at this moment, so any times around it are right.
                operations.add(new Operation(
                        i,
                        "k",
                        ask,
                        lost ? new Answer.Unknown() : answer,
                        Math.max(0, nowNs - random.nextLong(4_000)),
                        nowNs + random.nextLong(4_000)));
            }
            return operations;
        }

        private Ask ask(int i) {
            return switch (random.nextInt(6)) {
                case 0 -> new Ask.Put(Integer.toString(i));
                case 1 -> new Ask.PutIf(Integer.toString(i), random.nextBoolean() ? version : version - 1);
                case 2 -> new Ask.Add(1);
                case 3 -> random.nextInt(4) == 0 ? new Ask.Remove() : new Ask.Get();
                default -> new Ask.Get();
            };
        }

        private Answer answer(Ask ask) {
            String value = register.value();
            long current = value == null ? 0 : version;
            return switch (ask) {
                case Ask.Get ignored -> new Answer.Seen(value, random.nextBoolean() ? current : Answer.NOT_TOLD);
                case Ask.Put put -> written(put.value());
                case Ask.PutIf put -> put.version() == current ? written(put.value()) : new Answer.Refused(current);
                case Ask.Add add -> written(Long.toString((value == null ? 0 : Long.parseLong(value)) + add.by()));
                case Ask.Remove ignored -> new Answer.Removed(value);
            };
        }

        private Answer written(String after) {
            version += 1 + random.nextInt(5);
            return new Answer.Written(register.value(), after, version);
        }
    }
}
