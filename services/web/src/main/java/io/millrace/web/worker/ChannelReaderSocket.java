package io.millrace.web.worker;

import io.millrace.engine.channel.Channel;
import io.millrace.engine.channel.Item;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.MessageSocket;
import io.millrace.web.socket.WireFrames;

/** The reader's end of a channel: it gets as much as it takes, and a close at the end. */
final class ChannelReaderSocket implements MessageSocket.Listener {
    private final MessageSocket socket;
    private final Channel channel;

    private ChannelReaderSocket(MessageSocket socket, Channel channel) {
        this.socket = socket;
        this.channel = channel;
    }

    static MessageSocket.Listener on(MessageSocket socket, Channel channel) {
        ChannelReaderSocket end = new ChannelReaderSocket(socket, channel);
        if (channel.claimReader(() -> socket.executor().execute(end::relieved))) {
            socket.executor().execute(end::relieved);
            return end;
        }
        socket.close(CloseCode.NONE, "");
        return new MessageSocket.Listener() {};
    }

    /** Sends what there is, as long as the peer takes it. */
    @Override
    public void relieved() {
        while (!socket.isCongested()) {
            Item item = channel.poll();
            if (item == null) {
                if (channel.isEnded()) {
                    socket.close(CloseCode.NONE, "");
                }
                return;
            }
            socket.send(WireFrames.frame(item.isText() ? WireFrames.TEXT : WireFrames.BINARY, item.bytes()));
        }
    }

    @Override
    public void closed() {
        channel.abandon();
    }
}
