package io.millrace.core.change;

import io.millrace.core.address.Address;
import io.millrace.core.address.Space;
import io.millrace.core.update.OpError;
import io.millrace.core.value.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became true. It holds the result, not the request, so reading it again cannot come to anything else.
 *
 * @param kind created, updated or deleted
 * @param oldValue null where there was none
 * @param newValue null after a delete
 * @param errors of the failed ops of the update it came from
 * @param traceParent the W3C trace context of whoever asked for it, if any
 */
public record Change(
        Address address,
        MutationId mutationId,
        Version version,
        Kind kind,
        @Nullable Json oldValue,
        @Nullable Json newValue,
        List<OpError> errors,
        @Nullable String traceParent) {
    /** What happened to the value. A delete of a missing state value is a change too; of a stream item it is not. */
    public enum Kind {
        /** It was missing. */
        CREATED,
        /** It was there, perhaps the same. */
        UPDATED,
        /** It is missing now. */
        DELETED
    }

    /** Copies the errors and checks that the values fit the kind. */
    public Change {
        errors = List.copyOf(errors);
        boolean fits = switch (kind) {
            case CREATED -> oldValue == null && newValue != null;
            case UPDATED -> oldValue != null && newValue != null;
            case DELETED -> newValue == null && (oldValue != null || address.space() == Space.STATE);
        };
        if (!fits) {
            throw new IllegalArgumentException("change " + kind + " of " + address.recordKey() + ": from "
                    + presence(oldValue) + " to " + presence(newValue) + " (expected: what the kind says)");
        }
    }

    private static String presence(@Nullable Json value) {
        return value == null ? "missing" : "a value";
    }

    /** What the caller learns, now and whenever it asks again under the same mutation id. */
    public Reply.Done reply() {
        return new Reply.Done(oldValue, newValue, errors, version);
    }

    /** What the address holds after it. */
    public Current current() {
        return newValue == null ? new Current.Missing(version) : new Current.Present(newValue, version);
    }
}
