package io.millrace.engine.feed;

import io.millrace.core.value.Json;

/** Makes of a frame's JSON the bytes that go over the wire, once for all who get it in the same form. */
@FunctionalInterface
public interface FrameEncoder {
    /**
     * The complete bytes, which nobody changes any more. May be called from any thread.
     *
     * @param frame without a cursor
     * @param cursor to be told with it, if the form has one; ASCII without quotes
     */
    byte[] encode(Form form, Json frame, String cursor);
}
