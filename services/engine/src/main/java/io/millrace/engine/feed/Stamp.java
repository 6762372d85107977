package io.millrace.engine.feed;

import io.millrace.core.value.Json;
import io.millrace.engine.port.Mark;

/**
 * Encodes the frames of one partition, with cursors where the form has them.
 *
 * @param epoch of which topics the cursors speak
 */
record Stamp(String epoch, int partition, FrameEncoder encoder) {
    byte[] encode(Form form, Json frame, Mark mark, long seconds) {
        String cursor = form.hasCursor() ? new Cursor(epoch, partition, mark, seconds).toString() : "";
        return encoder.encode(form, frame, cursor);
    }
}
