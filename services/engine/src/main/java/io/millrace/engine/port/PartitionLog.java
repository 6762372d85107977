package io.millrace.engine.port;

import io.millrace.core.change.ChangeRecord;
import java.util.List;

/**
 * One partition of a change topic as its owner writes it: in fenced transactions, one at a time. All calls come from the
 * owner's one thread and may block. The only source of truth: stores are caches of it.
 */
public interface PartitionLog extends AutoCloseable {
    /**
     * Makes this the only writer: what any earlier writer has not committed never becomes visible, and none of its later
     * commits succeeds. To be called before anything else, and again after any exception.
     *
     * @throws LogUnavailableException if that could not be achieved; nothing has changed, try again later
     */
    void fence();

    /**
     * Begins a transaction and appends records in order. When it returns they are all in the log, and nobody sees them.
     *
     * @param records at least one
     * @param nowMs the wall clock, which becomes the records' own timestamp
     * @return the offset of each record, in order, increasing but not always by one
     * @throws FencedException if another writer has fenced this one
     * @throws InDoubtException after any other failure
     */
    Offsets append(List<ChangeRecord> records, long nowMs);

    /**
     * Commits what was appended. When it returns, every reader sees all of it, for good.
     *
     * @throws FencedException if another writer has fenced this one. Whether the commit came first is unknown
     * @throws InDoubtException after any other failure: the commit may or may not have happened
     */
    void commit();

    /**
     * Reads the committed records near the end of the log, in order: all those written since {@code sinceMs}, and always
     * a few of the last ones however old, but never more than about {@code maxRecords} of the last ones.
     *
     * @param sinceMs milliseconds since 1970, by the records' own timestamps
     * @param through the last offset to read, which must be that of a committed record
     * @throws LogUnavailableException if it cannot be read through; visited records may be visited again next time
     */
    void replay(long sinceMs, int maxRecords, long through, Visitor visitor);

    /** Gives up writing. An open transaction is aborted or left to be; the log may not be used again. */
    @Override
    void close();

    /** Where the records of one append are. */
    @FunctionalInterface
    interface Offsets {
        /** The offset of the record at {@code index} of the appended list. */
        long at(int index);
    }

    /** Gets records as they are read. */
    @FunctionalInterface
    interface Visitor {
        /** One committed record. */
        void visit(long offset, ChangeRecord record);
    }
}
