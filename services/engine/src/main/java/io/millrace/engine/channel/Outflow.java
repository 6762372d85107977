package io.millrace.engine.channel;

import io.millrace.engine.port.Scheduler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Reads a channel and sends what comes, as far as the other node has room for it. */
final class Outflow implements Flow {
    /** Large items are sent in parts, so that what others say on the link has its turn. */
    private static final int PART_BYTES = 64 << 10;
    /** Nobody tells when the link has room again. */
    private static final Duration CONGESTED = Duration.ofMillis(5);

    private final Channel channel;
    private final Wire wire;
    private final Scheduler scheduler;
    private final Runnable whenOver;
    /** More than zero while a thread sends: whoever comes meanwhile leaves it to that one. */
    private final AtomicInteger calls = new AtomicInteger();

    private Credit credit = Credit.NONE;
    private volatile boolean over;
    /** Of which a part has been sent; only for whoever sends. */
    private @Nullable Item current;

    private int sentBytes;

    /** Sends nothing before it has credit. The channel's reader is to be claimed with {@link #pump}. */
    Outflow(Channel channel, Wire wire, Scheduler scheduler, Runnable whenOver) {
        this.channel = channel;
        this.wire = wire;
        this.scheduler = scheduler;
        this.whenOver = whenOver;
    }

    /** More may be sent. */
    void credit(Credit more) {
        synchronized (this) {
            credit = credit.plus(more.items(), more.bytes());
        }
        pump();
    }

    /** There may be something to send. */
    void pump() {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            send();
            seen = calls.addAndGet(-seen);
        }
    }

    private void send() {
        while (!over) {
            if (current == null && channel.isEnded()) {
                wire.send(Wire.Op.END);
                end();
            } else if (!hasCredit()) {
                return; // it comes when there is room, and this goes on
            } else if (wire.isCongested()) {
                var _ = scheduler.after(CONGESTED, this::pump);
                return;
            } else if (!sendPart()) {
                return;
            }
        }
    }

    private synchronized boolean hasCredit() {
        return credit.allows();
    }

    /** Returns false if there is nothing to send now. */
    private boolean sendPart() {
        Item item = current == null ? channel.poll() : current;
        if (item == null) {
            return channel.isEnded(); // it may have ended just now
        }
        int left = item.sizeBytes() - sentBytes;
        int count = Math.min(left, PART_BYTES);
        boolean last = count == left;
        synchronized (this) {
            credit = credit.plus(last ? -1 : 0, -count);
        }
        Wire.Op op = !last ? Wire.Op.PART : item.isText() ? Wire.Op.TEXT : Wire.Op.BINARY;
        wire.send(op, item.bytes(), sentBytes, count);
        current = last ? null : item;
        sentBytes = last ? 0 : sentBytes + count;
        return true;
    }

    @Override
    public void told(Wire.Message message) {
        switch (message.op()) {
            case CREDIT -> credit(message.credit());
            case ABANDON -> lost();
            case PART, TEXT, BINARY, END -> {} // not what one says to a writer
        }
    }

    @Override
    public void lost() {
        end();
        channel.abandon();
    }

    private void end() {
        over = true;
        whenOver.run();
    }
}
