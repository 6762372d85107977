package io.millrace.kafka;

import java.util.HashMap;
import java.util.Map;

/**
 * Turns counters of answers from the group's coordinator into a lease that never outlives the session. An answer counts
 * from when its request was sent at the earliest, since the coordinator's clock may have started then: requests follow
 * one another, so that is after the answer before, which was seen no earlier than in the sample before it showed. An
 * answer that refuses us counts like any other, but none follows it until we have joined again. Not thread-safe.
 */
final class Heartbeats {
    private final long sessionNs;
    private final Map<String, Member> members = new HashMap<>();
    private long sampledNs;
    private boolean sampled;

    Heartbeats(long sessionNs) {
        this.sessionNs = sessionNs;
    }

    /**
     * Takes a sample.
     *
     * @param nowNs a monotonic clock
     * @param answers how many answers each member of this process has got so far
     */
    void sample(long nowNs, Map<String, Long> answers) {
        // Before the first sample nothing had been answered: the process has just started.
        long sinceNs = sampled ? sampledNs : nowNs;
        members.keySet().retainAll(answers.keySet());
        answers.forEach((id, count) ->
                members.computeIfAbsent(id, ignored -> new Member()).answered(count, sinceNs));
        sampledNs = nowNs;
        sampled = true;
    }

    /** Until when the lease is held; {@link Long#MIN_VALUE} when it is not. */
    long heldUntilNs() {
        long until = Long.MAX_VALUE;
        for (Member member : members.values()) {
            if (!member.alive) {
                return Long.MIN_VALUE;
            }
            until = Math.min(until, member.aliveNs + sessionNs);
        }
        return members.isEmpty() ? Long.MIN_VALUE : until;
    }

    /** One member of the group: each stream thread is one. */
    private static final class Member {
        private long count;
        private boolean alive;
        private long aliveNs;
        private long lastAnswerNs;

        /** {@code sinceNs} is when the sample before was taken: what is new since then was answered after it. */
        void answered(long now, long sinceNs) {
            long more = now - count;
            if (more <= 0) {
                return;
            }
            if (more > 1) {
                aliveNs = sinceNs;
                alive = true;
            } else if (count > 0) {
                aliveNs = lastAnswerNs;
                alive = true;
            }
            lastAnswerNs = sinceNs;
            count = now;
        }
    }
}
