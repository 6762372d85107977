package io.millrace.web.http;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Collects a body that is wanted all at once. Belongs to the request's I/O thread. */
final class WholeBody implements BodyReader.Sink {
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private final Budget budget;
    private final Consumer<byte[]> whenEnded;
    private final Runnable whenTooLarge;
    private final Runnable whenNoRoom;
    private long taken;

    /**
     * Nothing yet.
     *
     * @param whenNoRoom called when all requests together keep too much: no more is taken then
     */
    WholeBody(Budget budget, Consumer<byte[]> whenEnded, Runnable whenTooLarge, Runnable whenNoRoom) {
        this.budget = budget;
        this.whenEnded = whenEnded;
        this.whenTooLarge = whenTooLarge;
        this.whenNoRoom = whenNoRoom;
    }

    @Override
    public boolean take(byte[] piece) {
        if (!budget.take(piece.length)) {
            whenNoRoom.run();
            return false;
        }
        taken += piece.length;
        all.writeBytes(piece);
        return true;
    }

    @Override
    public void ended() {
        whenEnded.accept(all.toByteArray());
    }

    @Override
    public void tooLarge() {
        whenTooLarge.run();
    }

    /** The body is not kept any more. */
    void release() {
        budget.giveBack(taken);
        taken = 0;
    }
}
