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
     * @param passing whether it may be otherwise soon: nobody was there who could say
     */
    record Refused(String why, boolean passing) implements Verdict {
        /** For good. */
        public Refused(String why) {
            this(why, false);
        }
    }
}
