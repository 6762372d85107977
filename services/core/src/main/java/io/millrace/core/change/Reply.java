package io.millrace.core.change;

import io.millrace.core.update.OpError;
import io.millrace.core.value.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the caller of a mutation learns. */
public sealed interface Reply {
    /**
     * It is as asked.
     *
     * @param oldValue the value before, null where there was none
     * @param newValue the value now, null after a delete
     * @param errors of an update's failed ops
     * @param version of the change, {@link Version#NONE} where there was nothing to change
     */
    record Done(@Nullable Json oldValue, @Nullable Json newValue, List<OpError> errors, Version version)
            implements Reply {
        /** Copies the errors. */
        public Done {
            errors = List.copyOf(errors);
        }
    }

    /** Refused: the value has another version, {@link Version#NONE} when it does not exist. */
    record VersionConflict(Version current) implements Reply {}

    /** Refused: the new value would be too large. */
    record ValueTooLarge(int sizeBytes, int limitBytes) implements Reply {}
}
