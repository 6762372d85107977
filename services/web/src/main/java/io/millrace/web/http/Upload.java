package io.millrace.web.http;

import io.millrace.engine.channel.Channel;
import io.millrace.engine.channel.Item;

/** Passes a body on into a channel, as fast as it is read there. */
record Upload(Channel channel, Runnable whenTooLarge) implements BodyReader.Sink {
    @Override
    public boolean take(byte[] piece) {
        return channel.write(Item.binary(piece));
    }

    @Override
    public void ended() {
        channel.end();
    }

    @Override
    public void tooLarge() {
        channel.end();
        whenTooLarge.run();
    }
}
