package io.millrace.engine.feed;

import io.millrace.core.value.Json;
import io.millrace.engine.port.Mark;

/**
 * Encodes the frames of one partition, with cursors where the form has them.
 *
 * @param epoch of which topics the cursors speak
 */
record Stamp(String epoch, int partition, FrameEncoder encoder) {
    private static final String NOWHERE = "none";

    byte[] encode(Form form, Json frame, Mark mark, long seconds) {
        String cursor = form.hasCursor() ? new Cursor(epoch, partition, mark, seconds).toString() : "";
        return encoder.encode(form, frame, cursor);
    }

    /** Encodes one whose cursor says nothing: whoever comes back with it begins again. */
    byte[] encodeNowhere(Form form, Json frame) {
        return encoder.encode(form, frame, form.hasCursor() ? NOWHERE : "");
    }
}
