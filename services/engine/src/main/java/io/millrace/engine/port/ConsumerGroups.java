package io.millrace.engine.port;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Readers that share topics: each partition is read by one member of the group at a time, from where the group has got to.
 * Names of groups and topics are given without the prefix that all of ours have. Calls may come from any thread and return
 * at once.
 */
public interface ConsumerGroups {
    /**
     * Sees to it that the group has a place in every partition: where it is known, it stays as it is; elsewhere it begins
     * at the end of the log as it is now. Nothing that is written after completion will be missed.
     *
     * @return fails with {@link LogUnavailableException} if that could not be achieved: the same call may succeed later
     */
    CompletionStage<Void> prepare(String group, Set<String> topics);

    /**
     * Joins a group that has been prepared. Outages are survived by trying again.
     *
     * @param listener called on the membership's one thread, one call after another
     */
    Membership join(String group, Set<String> topics, Listener listener);

    /**
     * Forgets the group and where it has got to; harmless if there is none.
     *
     * @return fails with {@link LogUnavailableException} if the group still has members somewhere, or nobody answers
     */
    CompletionStage<Void> delete(String group);

    /** A member of a group. Calls may come from any thread. */
    interface Membership extends AutoCloseable {
        /**
         * Notes that everything before {@code nextOffset} is done with. Written some time later, together with others, and
         * also if nothing changes, so that a group in use can be told from one that is not. Of several the last counts.
         */
        void done(TopicPartition at, long nextOffset);

        /** Has no more records of the partition brought, but for those on their way. */
        void pause(TopicPartition at);

        /** Has records brought again. */
        void resume(TopicPartition at);

        /** How many records of its partitions it has not been brought yet, as seen last. */
        long lag();

        /**
         * Leaves the group, at once, so that others take over: what is done with is written first, and every partition it
         * has is {@linkplain Listener#revoked revoked}. Returns at once.
         *
         * @return completes when it has left
         */
        CompletionStage<Void> leave();

        /** Leaves, and waits for it, though not for ever. */
        @Override
        void close();
    }

    /** Gets what a member reads. Must return soon: the group takes a member that is silent for minutes for dead. */
    interface Listener {
        /**
         * The partition is this member's from now on.
         *
         * @param by the member; {@link ConsumerGroups#join} may not have returned yet
         */
        void assigned(Membership by, TopicPartition at);

        /** Records of one partition, in order, tombstones too. */
        void received(TopicPartition at, List<Received> records);

        /**
         * The partition is this member's no longer.
         *
         * @param lost whether somebody else may have had it for some time
         */
        void revoked(TopicPartition at, boolean lost);
    }
}
