package io.millrace.engine.feed;

import io.millrace.core.value.Json;
import io.millrace.engine.port.Mark;
import org.jspecify.annotations.Nullable;

/**
 * A frame and the bytes it becomes: one array for each form that somebody wants, shared by all who want it. Thread-safe;
 * two threads at once may encode it twice.
 */
final class Encoded {
    private final Stamp stamp;
    private final Json frame;
    private final Mark mark;
    private final long seconds;
    /** Read and written by any thread: what it refers to is safe to see without more ado. */
    private @Nullable Made made;

    /**
     * A frame.
     *
     * @param mark how far those have got who have got it
     * @param seconds of the Unix epoch: nothing after the mark was written before
     */
    Encoded(Stamp stamp, Json frame, Mark mark, long seconds) {
        this.stamp = stamp;
        this.frame = frame;
        this.mark = mark;
        this.seconds = seconds;
    }

    /** The same for those who have got to another mark with it. */
    Encoded at(Mark other) {
        return new Encoded(stamp, frame, other, seconds);
    }

    Json frame() {
        return frame;
    }

    Mark mark() {
        return mark;
    }

    byte[] wire(Form form) {
        byte[] known = known(form);
        return known == null ? make(form) : known;
    }

    private byte @Nullable [] known(Form form) {
        for (Made known = made; known != null; known = known.next) {
            if (known.form == form) {
                return known.wire;
            }
        }
        return null;
    }

    /** One thread for all. */
    private synchronized byte[] make(Form form) {
        byte[] known = known(form);
        if (known != null) {
            return known;
        }
        byte[] wire = stamp.encode(form, frame, mark, seconds);
        made = new Made(form, wire, made);
        return wire;
    }

    /**
     * The same with another cursor, for whom the usual one would tell something again: it has come another way. Not kept.
     *
     * @param reached how far it has got with this
     */
    byte[] wire(Form form, Mark reached) {
        return reached.equals(mark) || !form.hasCursor() ? wire(form) : stamp.encode(form, frame, reached, seconds);
    }

    /** The bytes of one form, and those of others. */
    private static final class Made {
        private final Form form;
        private final byte[] wire;
        private final @Nullable Made next;

        Made(Form form, byte[] wire, @Nullable Made next) {
            this.form = form;
            this.wire = wire;
            this.next = next;
        }
    }
}
