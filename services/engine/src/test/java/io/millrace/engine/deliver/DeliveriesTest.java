package io.millrace.engine.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.RecordKey;
import io.millrace.core.value.Json;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
    private static final TopicPartition AT = new TopicPartition("events", 0);
    private static final Outcome.Failure FAILURE = new Outcome.Failure("broken", "it is");

    private final FakeGroups groups = new FakeGroups();
    private final ManualTime time = new ManualTime();
    private final List<DeadLetter> letters = new ArrayList<>();
    private final Map<Long, CompletableFuture<Outcome>> calls = new HashMap<>();
    private final List<String> called = new ArrayList<>();
    private CompletableFuture<Void> keeping = CompletableFuture.completedFuture(null);
    private boolean counting = true;

    private final Plan plan = new Plan(
            new DeadLetter.Subject("state", "s"),
            "g",
            Set.of("events"),
            new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(60)),
            Duration.ofSeconds(10),
            new Plan.Bounds(2, 4, 1_000));
    private final Delivery delivery = new Deliveries(new Deliveries.Means(
                    groups,
                    letter -> {
                        letters.add(letter);
                        return keeping;
                    },
                    time,
                    time,
                    () -> 1.0,
                    new DeliveryEvents() {}))
            .open(plan, new Recorder());

    @BeforeEach
    void assign() {
        groups.listener().assigned(groups, AT);
    }

    private void bring(long offset, String key) {
        groups.listener()
                .received(
                        AT,
                        List.of(new Received(
                                AT,
                                offset,
                                Instant.EPOCH,
                                RecordKey.ofBytes(key.getBytes(StandardCharsets.UTF_8)),
                                Json.ofText("1"),
                                Received.Headers.NONE)));
    }

    private void answer(long offset, Outcome outcome) {
        CompletableFuture<Outcome> call = calls.remove(offset);
        assertThat(call).as("call of %s", offset).isNotNull();
        if (call != null) {
            call.complete(outcome);
        }
    }

    @Test
    void recordsOfOneKeyGoOneAfterAnotherAndThoseOfOthersBeside() {
        bring(0, "a");
        bring(1, "a");
        bring(2, "b");
        assertThat(called).containsExactly("0#1", "2#1");
        answer(0, new Outcome.NoResult());

        assertThat(called).containsExactly("0#1", "2#1", "1#1");
    }

    @Test
    void whatIsDoneIsToldUpToTheFirstThatIsNot() {
        bring(0, "a");
        bring(1, "b");
        answer(1, new Outcome.NoResult());
        assertThat(groups.done).containsExactly(0L);
        assertThat(delivery.lag()).isEqualTo(1);
        answer(0, new Outcome.NoResult());

        assertThat(groups.done).containsExactly(0L, 2L);
    }

    @Test
    void aFailureHoldsUpOnlyItsOwnKeyAndIsTriedAgainLaterAndLater() {
        bring(0, "a");
        answer(0, FAILURE);
        bring(1, "a");
        bring(2, "b");
        answer(2, new Outcome.NoResult());
        assertThat(called).containsExactly("0#1", "2#1");
        assertThat(delivery.retries()).isEqualTo(1);
        time.pass(Duration.ofSeconds(1));
        answer(0, FAILURE);
        time.pass(Duration.ofSeconds(1));
        assertThat(called).containsExactly("0#1", "2#1", "0#2");
        time.pass(Duration.ofSeconds(1));
        answer(0, new Outcome.NoResult());

        assertThat(called).containsExactly("0#1", "2#1", "0#2", "0#3", "1#1");
        assertThat(delivery.retries()).isZero();
    }

    @Test
    void aRecordIsDoneWithOnlyWhenItsDeadLetterIsSafe() {
        keeping = new CompletableFuture<>();
        bring(0, "a");
        bring(1, "a");
        failThreeTimes(0);
        assertThat(letters).hasSize(1);
        assertThat(letters.getFirst().attempts()).isEqualTo(3);
        assertThat(letters.getFirst().code()).isEqualTo("broken");
        assertThat(called).doesNotContain("1#1");
        CompletableFuture<Void> first = keeping;
        keeping = CompletableFuture.completedFuture(null);
        first.completeExceptionally(new IllegalStateException("no broker"));
        assertThat(groups.done).containsExactly(0L);
        time.pass(Duration.ofSeconds(1));

        assertThat(letters).hasSize(2);
        assertThat(groups.done).containsExactly(0L, 1L);
        assertThat(called).contains("1#1");
    }

    private void failThreeTimes(long offset) {
        answer(offset, FAILURE);
        time.pass(Duration.ofSeconds(1));
        answer(offset, FAILURE);
        time.pass(Duration.ofSeconds(2));
        answer(offset, FAILURE);
    }

    @Test
    void noAnswerInTimeIsAFailureAndALateOneIsIgnored() {
        bring(0, "a");
        CompletableFuture<Outcome> silent = calls.remove(0L);
        time.pass(Duration.ofSeconds(10));
        assertThat(delivery.retries()).isEqualTo(1);
        assertThat(delivery.calls()).isZero();
        if (silent != null) {
            silent.complete(new Outcome.NoResult());
        }
        assertThat(groups.done).containsExactly(0L);
        time.pass(Duration.ofSeconds(1));

        assertThat(called).containsExactly("0#1", "0#2");
    }

    @Test
    void failuresThatDoNotCountUseUpNoAttempt() {
        counting = false;
        bring(0, "a");
        for (int i = 1; i <= 10; i++) {
            answer(0, FAILURE);
            time.pass(plan.retries().after(i, 1.0));
        }
        counting = true;
        failThreeTimes(0);

        assertThat(called).hasSize(13).startsWith("0#1", "0#1");
        assertThat(letters).hasSize(1);
    }

    @Test
    void aFunctionThatThrowsHasFailed() {
        bring(99, "throws");
        time.pass(Duration.ofSeconds(1));
        time.pass(Duration.ofSeconds(2));

        assertThat(letters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.code()).isEqualTo("delivery_failed"));
        assertThat(groups.done).endsWith(100L);
    }

    @Test
    void noMoreThanSoManyAreCalledAndReadingPausesWhileTooManyWait() {
        for (int i = 0; i < 4; i++) {
            bring(i, "k" + i);
        }
        assertThat(called).containsExactly("0#1", "1#1");
        assertThat(groups.paused).isTrue();
        answer(0, new Outcome.NoResult());
        assertThat(groups.paused).isTrue();
        answer(1, new Outcome.NoResult());

        assertThat(groups.paused).isFalse();
        assertThat(called).containsExactly("0#1", "1#1", "2#1", "3#1");
    }

    @Test
    void nothingIsCalledOrToldWhenThePartitionIsGone() {
        bring(0, "a");
        bring(1, "a");
        groups.listener().revoked(AT, false);
        answer(0, new Outcome.NoResult());
        time.pass(Duration.ofMinutes(1));

        assertThat(called).containsExactly("0#1");
        assertThat(groups.done).containsExactly(0L);
        assertThat(delivery.lag()).isZero();
    }

    @Test
    void whatNobodyWantsIsDoneWithAtOnce() {
        bring(0, "unwanted");
        bring(1, "unwanted");

        assertThat(called).isEmpty();
        assertThat(groups.done).containsExactly(1L, 2L);
    }

    @Test
    void waitsDoubleUpToTheLongestAndAreSpread() {
        RetryPolicy policy = new RetryPolicy(9, Duration.ofSeconds(1), Duration.ofSeconds(5));

        assertThat(policy.after(1, 1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.after(3, 1)).isEqualTo(Duration.ofSeconds(4));
        assertThat(policy.after(4, 1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(policy.after(1_000, 1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(policy.after(1, 0)).isEqualTo(Duration.ofMillis(500));
    }

    private final class Recorder implements Handler {
        @Override
        public boolean wants(Received record) {
            return !String.valueOf(record.key()).equals("unwanted");
        }

        @Override
        public @Nullable Object orderKey(Received record) {
            return record.key();
        }

        @Override
        public String functionId(Received record) {
            return "f";
        }

        @Override
        public CompletionStage<Outcome> handle(Received record, int attempt) {
            if (String.valueOf(record.key()).equals("throws")) {
                throw new IllegalStateException("planted");
            }
            called.add(record.offset() + "#" + attempt);
            CompletableFuture<Outcome> call = new CompletableFuture<>();
            calls.put(record.offset(), call);
            return call;
        }

        @Override
        public boolean counts(Received record, Outcome.Failure failure) {
            return counting;
        }
    }

    /** A group whose only member we are. */
    private static final class FakeGroups implements ConsumerGroups, ConsumerGroups.Membership {
        private final List<Long> done = new ArrayList<>();
        private boolean paused;
        private @Nullable Listener listener;

        Listener listener() {
            if (listener == null) {
                throw new AssertionError("nobody has joined");
            }
            return listener;
        }

        @Override
        public CompletionStage<Void> prepare(String group, Set<String> topics) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public Membership join(String group, Set<String> topics, Listener joined) {
            listener = joined;
            return this;
        }

        @Override
        public CompletionStage<Void> delete(String group) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void done(TopicPartition at, long nextOffset) {
            done.add(nextOffset);
        }

        @Override
        public void pause(TopicPartition at) {
            paused = true;
        }

        @Override
        public void resume(TopicPartition at) {
            paused = false;
        }

        @Override
        public long lag() {
            return 0;
        }

        @Override
        public CompletionStage<Void> leave() {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void close() {}
    }
}
