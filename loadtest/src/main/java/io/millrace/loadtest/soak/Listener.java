package io.millrace.loadtest.soak;

import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/** A socket that joins a group and counts what comes, without looking at it. */
final class Listener implements ClientSocket.Owner {
    private final ClientLoop loop;
    private final String join;
    private final Counts counts;

    /**
     * What all of them have in common.
     *
     * @param frames that came, snapshots included
     * @param begun sockets that got their first frame
     * @param lost sockets that ended
     */
    record Counts(LongAdder frames, LongAdder begun, LongAdder lost) {
        Counts() {
            this(new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    private boolean begun;
    private ClientSocket socket;

    /**
     * Connects. Only to be called on the loop.
     *
     * @param more of the join's fields, each with a comma before it
     */
    Listener(ClientLoop loop, String streamName, String groupId, String more, Counts counts) {
        this.loop = loop;
        this.counts = counts;
        this.join = "{\"type\":\"join\",\"data\":{\"subscriptionId\":\"one\",\"streamName\":\"" + streamName
                + "\",\"groupId\":\"" + groupId + "\"" + more + "}}";
        this.socket = ClientSocket.connect(this.loop, "/", 0, this);
    }

    @Override
    public void opened() {
        try {
            socket.send(join);
        } catch (IOException e) {
            ended(e.toString());
        }
    }

    @Override
    public void message(byte[] bytes, int offset, int length, long nowNs) {
        counts.frames().increment();
        if (!begun) {
            begun = true;
            counts.begun().increment();
        }
    }

    @Override
    public void ended(String why) {
        counts.lost().increment();
    }
}
