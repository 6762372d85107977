package io.millrace.engine.feed;

/** How a subscriber wants its frames: each frame is encoded once in each form that anybody wants. */
public enum Form {
    /** A WebSocket message. */
    MESSAGE,
    /** A WebSocket message whose JSON has a cursor. */
    MESSAGE_CURSOR,
    /** A compressed WebSocket message. */
    DEFLATED,
    /** A compressed WebSocket message whose JSON has a cursor. */
    DEFLATED_CURSOR,
    /** A server-sent event whose id is the cursor. */
    EVENT_STREAM;

    /** The same with a cursor. */
    public Form withCursor() {
        return switch (this) {
            case MESSAGE, MESSAGE_CURSOR -> MESSAGE_CURSOR;
            case DEFLATED, DEFLATED_CURSOR -> DEFLATED_CURSOR;
            case EVENT_STREAM -> EVENT_STREAM;
        };
    }

    /** Whether its frames tell a cursor. */
    public boolean hasCursor() {
        return this == withCursor();
    }
}
