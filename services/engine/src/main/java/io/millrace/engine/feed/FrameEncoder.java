package io.millrace.engine.feed;

import io.millrace.core.value.Json;

/** Makes of a frame's JSON the bytes that go over the wire, once for all who get it. */
@FunctionalInterface
public interface FrameEncoder {
    /** The complete bytes, which nobody changes any more. May be called from any thread. */
    byte[] encode(Json frame);
}
