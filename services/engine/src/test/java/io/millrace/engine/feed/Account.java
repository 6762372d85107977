package io.millrace.engine.feed;

import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail.Told;
import org.jspecify.annotations.Nullable;

/** What a client has got of one wish since its snapshot, held against the log. Whatever breaks a law is an AssertionError. */
interface Account {
    /**
     * A snapshot has been taken over.
     *
     * @param change the last change it includes
     * @param event the last event before all that follow; null if nobody said
     * @param eventFloor events after it have to come
     */
    void synced(Topics log, long change, @Nullable Long event, long eventFloor);

    /** A record has been told. */
    void told(Told told);

    /** Whether whoever goes on after the mark lacks nothing and gets nothing twice. */
    boolean standsAt(Mark mark);

    /** As far as it is known to have got. */
    Mark mark();

    /** Everything has been told. */
    void complete();
}
