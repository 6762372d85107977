package io.millrace.kafka;

import io.millrace.core.address.Space;
import io.millrace.engine.port.Assignment;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Puts each record of one partition into its store, byte for byte: a store that is restored gets them from the topic past
 * this code. That it runs means that this node is to own the partition. Streams may close it and use it again.
 */
final class StoreFeeder implements Processor<Bytes, byte @Nullable [], Void, Void> {
    private final Space space;
    private final Assignment assignment;
    private @Nullable ProcessorContext<Void, Void> context;
    private @Nullable StoreCopy copy;

    StoreFeeder(Space space, Assignment assignment) {
        this.space = space;
        this.assignment = assignment;
    }

    static String storeName(Space space) {
        return Names.of(space);
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        int partition = context.taskId().partition();
        KeyValueStore<Bytes, byte[]> store = context.getStateStore(storeName(space));
        StoreCopy opened = new StoreCopy(storeName(space) + "-" + partition, store);
        this.context = context;
        this.copy = opened;
        assignment.assigned(space, partition, opened);
    }

    @Override
    public void process(Record<Bytes, byte @Nullable []> record) {
        if (context == null || copy == null) {
            throw new IllegalStateException("record for a closed store of " + space);
        }
        long offset = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("record without an offset in " + space))
                .offset();
        copy.apply(record.key(), record.value(), offset);
    }

    @Override
    public void close() {
        StoreCopy closing = copy;
        ProcessorContext<Void, Void> last = context;
        copy = null;
        if (closing == null || last == null) {
            return;
        }
        try {
            assignment.revoked(space, last.taskId().partition(), closing);
        } finally {
            closing.giveUp();
        }
    }
}
