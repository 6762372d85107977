package io.millrace.web.http;

import io.millrace.core.value.JsonReader;
import io.millrace.core.value.MalformedJsonException;
import io.millrace.engine.channel.Channel;
import io.millrace.engine.channel.Item;
import io.undertow.util.HeaderMap;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The answer that a function writes into its response channel: text messages that set status and headers, then the body's
 * bytes. Belongs to the request's I/O thread.
 */
final class StreamedAnswer implements Client.Source {
    private static final int MOST_STATUS = 599;

    private final Channel channel;
    private final JsonReader reader;
    private final HeaderMap headers = new HeaderMap();
    private int status = StatusCodes.OK;
    private @Nullable ByteBuffer first;
    private boolean begun;

    StreamedAnswer(Channel channel, JsonReader reader) {
        this.channel = channel;
        this.reader = reader;
    }

    int status() {
        return status;
    }

    HeaderMap headers() {
        return headers;
    }

    /** Whether the body has begun, with which status and headers are settled. */
    boolean begins() {
        if (!begun) {
            first = next();
        }
        return begun;
    }

    @Override
    public @Nullable ByteBuffer next() {
        if (first != null) {
            ByteBuffer kept = first;
            first = null;
            return kept;
        }
        for (Item item = channel.poll(); item != null; item = channel.poll()) {
            if (!item.isText()) {
                begun = true;
                return ByteBuffer.wrap(item.bytes()).asReadOnlyBuffer();
            }
            if (!begun) {
                control(item.bytes());
            }
        }
        return null;
    }

    @Override
    public boolean isEnded() {
        return first == null && channel.isEnded();
    }

    private void control(byte[] text) {
        JsonNode message;
        try {
            message = reader.tree(text);
        } catch (MalformedJsonException e) {
            return;
        }
        String type = message.path("type").asString("");
        if (type.equals("set_status") && Envelope.status(message.path("status_code")) <= MOST_STATUS) {
            status = Envelope.status(message.path("status_code"));
        } else if (type.equals("set_headers")) {
            UserHeaders.addTo(headers, message.path("headers"));
        }
    }
}
