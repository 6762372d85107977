package io.millrace.engine.gate;

import io.millrace.core.value.Json;
import org.jspecify.annotations.Nullable;

/** What comes of asking. */
public sealed interface Verdict {
    /**
     * Come in.
     *
     * @param context what the auth function knows about a socket, for those who are asked about its subscriptions; null
     *     if nothing
     */
    record Admitted(@Nullable Json context) implements Verdict {
        /** Come in, whoever it is. */
        public static final Admitted UNKNOWN = new Admitted(null);
    }

    /**
     * Stay out.
     *
     * @param why for people
     */
    record Refused(String why) implements Verdict {}
}
