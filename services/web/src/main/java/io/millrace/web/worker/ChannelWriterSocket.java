package io.millrace.web.worker;

import io.millrace.engine.channel.Channel;
import io.millrace.engine.channel.Item;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.MessageSocket;

/** The writer's end of a channel: it is not read while the channel is full. */
final class ChannelWriterSocket implements MessageSocket.Listener {
    private final MessageSocket socket;
    private final Channel channel;

    private ChannelWriterSocket(MessageSocket socket, Channel channel) {
        this.socket = socket;
        this.channel = channel;
    }

    static MessageSocket.Listener on(MessageSocket socket, Channel channel) {
        ChannelWriterSocket end = new ChannelWriterSocket(socket, channel);
        if (channel.claimWriter(end::signalled)) {
            if (channel.isAbandoned()) {
                end.signalled(); // before we could be told
            }
            return end;
        }
        socket.close(CloseCode.NONE, "");
        return new MessageSocket.Listener() {};
    }

    @Override
    public void message(boolean text, byte[] payload) {
        if (!channel.write(text ? Item.text(payload) : Item.binary(payload))) {
            socket.pause();
            if (!channel.isFull()) {
                socket.resume(); // the reader was quicker than we were
            }
        }
    }

    private void signalled() {
        if (channel.isAbandoned()) {
            socket.close(CloseCode.NONE, "");
        } else {
            socket.resume();
        }
    }

    @Override
    public void closed() {
        channel.end();
    }
}
