package io.millrace.kafka;

import io.millrace.core.change.ChangeRecord;
import io.millrace.engine.port.FencedException;
import io.millrace.engine.port.InDoubtException;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.PartitionLog;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a change topic as its owner writes it, through one producer or two in turn. With two, the next batch
 * goes to the one whose last transaction is older, so that it need not wait for the markers of the newer one; both are
 * fenced before anything is read, or a zombie could still commit through the other. Closed --fence--> Idle --append-->
 * Appended --commit--> Idle; any failure --> Closed.
 */
final class FencedLog implements PartitionLog {
    private final TopicPartition at;
    private final List<String> ids;
    private final ClientSettings settings;
    private final ClientMetrics metrics;
    private final Replays replays;

    private List<OwnerProducer> producers = List.of();
    private int turn;
    private boolean appended;

    FencedLog(TopicPartition at, String id, ClientSettings settings, ClientMetrics metrics, Replays replays) {
        this.at = at;
        this.ids = settings.pingPong() ? List.of(id + "-a", id + "-b") : List.of(id);
        this.settings = settings;
        this.metrics = metrics;
        this.replays = replays;
    }

    @Override
    public void fence() {
        close();
        List<OwnerProducer> fenced = new ArrayList<>(ids.size());
        try {
            for (String id : ids) {
                fenced.add(new OwnerProducer(settings, metrics, id));
            }
            fenced.forEach(OwnerProducer::fence);
        } catch (KafkaException e) {
            fenced.forEach(OwnerProducer::close);
            throw new LogUnavailableException(at + " cannot be fenced now: " + e.getMessage(), e);
        }
        producers = fenced;
    }

    @Override
    public Offsets append(List<ChangeRecord> records, long nowMs) {
        OwnerProducer producer = producer(false);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("records: none (expected: at least 1)");
        }
        try {
            long[] offsets = producer.append(at, records, nowMs);
            appended = true;
            return index -> offsets[index];
        } catch (RuntimeException e) {
            throw failed("append to " + at, e);
        }
    }

    @Override
    public void commit() {
        OwnerProducer producer = producer(true);
        try {
            producer.commit();
            appended = false;
            turn = (turn + 1) % producers.size();
        } catch (RuntimeException e) {
            throw failed("commit to " + at, e);
        }
    }

    private OwnerProducer producer(boolean afterAppend) {
        if (producers.isEmpty() || appended != afterAppend) {
            throw new IllegalStateException(
                    at + ": " + (producers.isEmpty() ? "not fenced" : appended ? "open" : "idle") + " (expected: "
                            + (afterAppend ? "append before commit)" : "fence, and commit before append)"));
        }
        return producers.get(turn);
    }

    /** Whatever went wrong, the producers are of no use any more, and the outcome is not known. */
    private RuntimeException failed(String what, RuntimeException e) {
        close();
        return isFenced(e)
                ? new FencedException(what + ": another owner has taken over", e)
                : new InDoubtException(what + ": outcome unknown: " + e.getMessage(), e);
    }

    /** Fencing comes as it is or wrapped, depending on which call notices it first. */
    private static boolean isFenced(@Nullable Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof ProducerFencedException || at instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void replay(long sinceMs, int maxRecords, long through, Visitor visitor) {
        replays.replay(at, sinceMs, maxRecords, through, visitor);
    }

    @Override
    public void close() {
        List<OwnerProducer> open = producers;
        producers = List.of();
        appended = false;
        turn = 0;
        open.forEach(OwnerProducer::close);
    }
}
