package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Scope;
import io.millrace.core.address.Space;
import io.millrace.core.address.StateAddress;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.Current;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import io.millrace.core.update.UpdateOp;
import io.millrace.core.value.Json;
import io.millrace.engine.read.Cut;
import io.millrace.engine.write.Caller;
import io.millrace.engine.write.PartitionWriter;
import io.millrace.engine.write.UnavailableException;
import io.millrace.engine.write.WriteEvents;
import io.millrace.engine.write.WriterConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartitionWriterTest {
    private static final StateAddress COUNTER = new StateAddress("counters", "one");

    private final Simulation simulation = new Simulation(1);
    private final SimulatedPartition partition = new SimulatedPartition(Space.STATE, 0, true);
    private SimulatedStore store = new SimulatedStore(partition, true, 0);
    private final Faults none = Faults.ordinary();
    private final List<Throwable> alarms = new ArrayList<>();
    private boolean leaseHeld = true;
    private PartitionWriter writer = writer(store);

    PartitionWriterTest() {
        none.heal();
    }

    private PartitionWriter writer(SimulatedStore copy) {
        WriteEvents events = new WriteEvents() {
            @Override
            public void stopped(Space space, int number, Throwable cause) {
                alarms.add(cause);
            }
        };
        return new PartitionWriter(
                Space.STATE,
                0,
                new SimulatedLog(simulation, partition, none),
                copy,
                WriterConfig.defaults(),
                simulation.clock(),
                () -> leaseHeld,
                events);
    }

    @Test
    void aHundredIncrementsInOneBatchAllCountAndAreOneTransaction() {
        serve();

        List<CompletableFuture<Reply>> replies = IntStream.range(0, 100)
                .mapToObj(i -> increment("m" + i).toCompletableFuture())
                .toList();
        advance(2);

        assertThat(replies).allMatch(CompletableFuture::isDone);
        assertThat(value(COUNTER)).isEqualTo("{\"n\":100}");
        assertThat(partition.committed().stream()
                        .filter(committed -> !committed.record().isTombstone()))
                .hasSize(100);
    }

    @Test
    void nobodyIsAnsweredBeforeTheCommitNotEvenWhoIsRefused() {
        serve();
        CompletionStage<Reply> change = increment("m1");
        CompletionStage<Reply> refusal =
                submit(new Mutation(COUNTER, set("1"), new MutationId("m2"), Version.NONE, null));

        advance(1);
        assertThat(change.toCompletableFuture()).isNotDone();
        assertThat(refusal.toCompletableFuture()).isNotDone();

        advance(1);
        assertThat(change.toCompletableFuture()).isCompleted();
        assertThat(refusal.toCompletableFuture().join()).isInstanceOf(Reply.VersionConflict.class);
    }

    @Test
    void everyAcknowledgedChangeIsKnownToBeCommittedAndNoneThatIsNot() {
        assertThat(writer.committedOffset()).isEqualTo(-1);
        serve();
        CompletionStage<Reply> change = increment("m1");
        long before = writer.committedOffset();
        advance(1);
        assertThat(writer.committedOffset()).isEqualTo(before);

        advance(1);
        assertThat(change.toCompletableFuture()).isCompleted();
        assertThat(writer.committedOffset())
                .isEqualTo(partition.committed().getLast().offset());
    }

    @Test
    void aRepeatedMutationIsAnsweredAsTheFirstTimeAlsoByTheNextOwner() {
        serve();
        CompletionStage<Reply> first = increment("m1");
        CompletionStage<Reply> sameBatch = increment("m1");
        advance(2);
        CompletionStage<Reply> later = increment("m1");
        advance(2);

        store = new SimulatedStore(partition, true, 0);
        writer = writer(store);
        serve();
        CompletionStage<Reply> afterwards = increment("m1");
        advance(2);

        assertThat(List.of(reply(sameBatch), reply(later), reply(afterwards))).containsOnly(reply(first));
        assertThat(value(COUNTER)).isEqualTo("{\"n\":1}");
    }

    @Test
    void aWriteIsReadAtOnceThoughTheStoreHasNotGotIt() {
        serve();
        write(COUNTER, "1", "m1");

        assertThat(store.get(COUNTER.recordKey())).isNull();
        assertThat(value(COUNTER)).isEqualTo("1");
    }

    @Test
    void aCutSeesWhatTheStoreHasNotGotAndNothingThatCameLater() {
        serve();
        write(new StateAddress("s", "b"), "2", "m1");
        store.follow(100);
        write(new StateAddress("s", "a"), "1", "m2");
        write(new StateAddress("s", "c"), "3", "m3");
        delete(new StateAddress("s", "b"), "m4");
        Cut cut = cut("s");
        write(new StateAddress("s", "d"), "4", "m5");
        store.follow(100);

        List<String> values = new ArrayList<>();
        cut.forEachRemaining(entry -> values.add(entry.name() + "=" + entry.value()));

        assertThat(values).containsExactly("a=1", "c=3");
        assertThat(cut.position().offset()).isLessThan(partition.lastStableOffset() - 2);
    }

    @Test
    void aDeleteIsAChangeFollowedByATombstoneOfTheSameKey() {
        serve();
        write(COUNTER, "1", "m1");
        delete(COUNTER, "m2");

        List<ChangeRecord> records = partition.committed().stream()
                .map(SimulatedPartition.Committed::record)
                .toList();

        assertThat(records.get(records.size() - 2).change().newValue()).isNull();
        assertThat(records.getLast()).isEqualTo(ChangeRecord.tombstone(COUNTER.recordKey()));
    }

    @Test
    void aFencedOwnerTellsItsCallersToAskAgainAndChangesNothing() {
        serve();
        CompletionStage<Reply> answer = increment("m1");
        advance(1);

        partition.fence();
        advance(1);

        assertThat(answer.toCompletableFuture())
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(UnavailableException.class)
                .withMessageContaining("has another owner");
        assertThat(partition.committed())
                .allMatch(committed -> committed.record().isTombstone());
    }

    @Test
    void nothingIsReadOnceTheLeaseIsLost() {
        serve();
        write(COUNTER, "1", "m1");
        leaseHeld = false;

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> writer.get(COUNTER)))
                .isInstanceOf(UnavailableException.class);
        CompletionStage<Position> seen =
                writer.between(view -> new Position(view.position().offset()));
        advance(1);
        assertThat(seen.toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void aZombieThatWakesUpBehindItsFenceGoesNoFurther() {
        writer.advance();
        leaseHeld = false;

        advance(5);

        assertThat(partition.committed()).isEmpty();
        assertThat(writer.isServing()).isFalse();
    }

    @Test
    void aStoredFrameThatCannotBeReadStopsThePartitionWithAnAlarm() {
        serve();
        int epoch = partition.fence();
        RecordKey key = COUNTER.recordKey();
        partition.append(
                epoch,
                List.of(new ChangeRecord(key, Json.ofText("7"), null, null, null, null)),
                simulation.nowMicros());
        partition.commit(epoch);
        store.follow(100);

        CompletionStage<Reply> answer = increment("m1");
        advance(3);

        assertThat(alarms).hasSize(1);
        assertThat(writer.stoppedBecause()).isNotNull();
        assertThat(answer.toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void aFullQueueRefusesAtOnce() {
        WriterConfig defaults = WriterConfig.defaults();
        for (int i = 0; i < defaults.queueMaxMutations(); i++) {
            increment("m" + i);
        }

        CompletionStage<Reply> refused = increment("one too many");

        assertThat(refused.toCompletableFuture()).isCompletedExceptionally();
    }

    private record Position(long offset) {}

    private void serve() {
        for (int i = 0; i < 5; i++) {
            writer.advance();
            store.follow(1_000);
        }
        assertThat(writer.isServing()).isTrue();
    }

    private void advance(int steps) {
        for (int i = 0; i < steps; i++) {
            writer.advance();
        }
    }

    private CompletionStage<Reply> submit(Mutation mutation) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        writer.submit(mutation, Long.MAX_VALUE, new Caller() {
            @Override
            public void answered(Reply reply) {
                answer.complete(reply);
            }

            @Override
            public void failed(Throwable cause) {
                answer.completeExceptionally(cause);
            }
        });
        return answer;
    }

    private CompletionStage<Reply> increment(String id) {
        Mutation.Ask ask = new Mutation.Update(List.of(new UpdateOp.Increment("n", 1)));
        return submit(Mutation.of(COUNTER, ask, new MutationId(id)));
    }

    private static Mutation.Set set(String json) {
        return new Mutation.Set(Json.ofText(json));
    }

    private void write(StateAddress address, String json, String id) {
        CompletionStage<Reply> answer = submit(Mutation.of(address, set(json), new MutationId(id)));
        advance(2);
        assertThat(answer.toCompletableFuture()).isCompleted();
    }

    private void delete(StateAddress address, String id) {
        submit(Mutation.of(address, new Mutation.Delete(), new MutationId(id)));
        advance(2);
    }

    private static Reply reply(CompletionStage<Reply> stage) {
        return Objects.requireNonNull(stage.toCompletableFuture().getNow(null));
    }

    private String value(StateAddress address) {
        return switch (writer.get(address)) {
            case Current.Present present -> present.value().toString();
            case Current.Missing ignored -> "missing";
        };
    }

    private Cut cut(String scope) {
        Scope unit = new Scope(scope);
        CompletionStage<Cut> taken = writer.between(view -> {
            RecordKey from = unit.prefix().first();
            RecordKey to = unit.prefix().after();
            return new Cut(
                    view.position(),
                    view.version(),
                    view.overlay(from, to),
                    view.store().scan(from, to));
        });
        advance(1);
        return Objects.requireNonNull(taken.toCompletableFuture().getNow(null));
    }
}
