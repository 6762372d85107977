package io.millrace.engine.channel;

/** One side of a channel. */
public enum End {
    READER,
    WRITER
}
