package io.millrace.core.update;

import io.millrace.core.value.Json;
import java.util.List;

/**
 * What an update came to.
 *
 * @param value the new value, always written, even when every op failed
 * @param errors one for each op that failed, in order
 */
public record Updated(Json value, List<OpError> errors) {
    /** Copies the errors. */
    public Updated {
        errors = List.copyOf(errors);
    }
}
