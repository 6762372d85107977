package io.millrace.engine.channel;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes into a channel what another node sends, and gives it credit as the channel has room. */
final class Inflow implements Flow {
    private final Channel channel;
    private final Wire wire;
    private final Runnable whenOver;
    /** Of an item of which more comes; only for what comes through the link. */
    private @Nullable ByteArrayOutputStream parts;

    /** What has been taken and may be sent again. */
    private Credit owed = Credit.NONE;

    private boolean over;

    /** The channel's writer is to be claimed with {@link #signalled}; the other node has the usual credit. */
    Inflow(Channel channel, Wire wire, Runnable whenOver) {
        this.channel = channel;
        this.wire = wire;
        this.whenOver = whenOver;
    }

    @Override
    public void told(Wire.Message message) {
        switch (message.op()) {
            case PART -> part(message.bytes());
            case TEXT -> write(Item.text(whole(message.bytes())), message.rest().limit());
            case BINARY ->
                write(Item.binary(whole(message.bytes())), message.rest().limit());
            case END -> lost();
            case ABANDON, CREDIT -> {} // not what one says to a reader
        }
    }

    private void part(byte[] bytes) {
        if (parts == null) {
            parts = new ByteArrayOutputStream();
        }
        parts.writeBytes(bytes);
        // At once, full or not: an item may be larger than all the credit there is.
        grant(0, bytes.length, true);
    }

    private byte[] whole(byte[] last) {
        if (parts == null) {
            return last;
        }
        parts.writeBytes(last);
        byte[] all = parts.toByteArray();
        parts = null;
        return all;
    }

    private void write(Item item, int cameBytes) {
        channel.write(item);
        grant(1, cameBytes, !channel.isFull());
    }

    private void grant(int items, int bytes, boolean now) {
        @Nullable Credit given = null;
        synchronized (this) {
            owed = owed.plus(items, bytes);
            if (now && !over && owed.isMuch()) {
                given = owed;
                owed = Credit.NONE;
            }
        }
        if (given != null) {
            wire.send(given);
        }
    }

    /** There is room in the channel again, or its reader is gone. */
    void signalled() {
        if (!channel.isAbandoned()) {
            grant(0, 0, true);
        } else if (end()) {
            wire.send(Wire.Op.ABANDON);
        }
    }

    @Override
    public void lost() {
        end();
        channel.end();
    }

    private boolean end() {
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
        }
        whenOver.run();
        return true;
    }
}
