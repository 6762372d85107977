package io.millrace.engine.port;

/**
 * How far both topics of a stream partition have been read.
 *
 * @param change the last offset of the changes, -1 for none
 * @param event the last offset of the events, -1 for none
 */
public record Mark(long change, long event) {
    /** Before everything. */
    public static final Mark START = new Mark(-1, -1);

    /** Whether everything that {@code other} includes is included in this. */
    public boolean covers(Mark other) {
        return change >= other.change && event >= other.event;
    }

    /** Includes what either includes. */
    public Mark orLater(Mark other) {
        return new Mark(Math.max(change, other.change), Math.max(event, other.event));
    }
}
