package io.millrace.engine.presence;

import io.millrace.core.value.Json;
import io.millrace.core.value.UnreadableTextException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * That somebody else tells the leaves of a node that has died.
 *
 * @param teller who
 * @param goneMs when the death was noticed, in milliseconds since 1970
 */
record Claim(Life teller, long goneMs) {
    /** The claim in the value of a start's record; null if there is none. */
    static @Nullable Claim of(Json value) {
        try {
            JsonNode tree = value.tree();
            JsonNode teller = tree.path("teller");
            JsonNode start = tree.path("teller_start");
            JsonNode gone = tree.path("gone");
            boolean ours = teller.isString() && start.isIntegralNumber() && gone.isIntegralNumber();
            return ours ? new Claim(new Life(teller.stringValue(), start.asLong(0)), gone.asLong(0)) : null;
        } catch (UnreadableTextException e) {
            return null;
        }
    }

    /** The value of the record of {@code life}'s start. */
    Json of(Life life) {
        return PresenceRecord.claim(life.node(), life.startMs(), goneMs, teller.node(), teller.startMs());
    }
}
