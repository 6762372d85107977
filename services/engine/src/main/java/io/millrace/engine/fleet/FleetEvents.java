package io.millrace.engine.fleet;

/** Gets told who comes and goes, to count and to log it. Must return at once. */
public interface FleetEvents {
    /** A node is there, or there again. */
    default void joined(Member member) {}

    /** A node has left in good order. */
    default void left(Member member) {}

    /** A node has given no sign of life for too long. */
    default void died(Member member) {}

    /** This node has taken a dead one out of so many groups. */
    default void evicted(Member member, int memberships) {}

    /** That failed, and is tried again. */
    default void notEvicted(Member member, Throwable cause) {}

    /** This node could not say that it lives. */
    default void unheard(Throwable cause) {}
}
