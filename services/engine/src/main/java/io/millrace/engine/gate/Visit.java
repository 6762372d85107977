package io.millrace.engine.gate;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of one socket.
 *
 * @param socket a number that no other socket of this process has or had
 * @param subscriptionId the client's name for it, unique on its socket only
 * @param itemId null for the whole group
 * @param context what the auth function knows about the socket
 */
public record Visit(
        long socket,
        String subscriptionId,
        Group group,
        @Nullable String itemId,
        @Nullable Json context) {
    /** What {@code stream:join} and {@code stream:leave} functions are called with. */
    public Json payload() {
        JsonText text = new JsonText()
                .raw("{\"subscription_id\":")
                .quoted(subscriptionId)
                .raw(",\"stream_name\":")
                .quoted(group.streamName())
                .raw(",\"group_id\":")
                .quoted(group.groupId())
                .raw(",\"id\":");
        if (itemId == null) {
            text.raw("null");
        } else {
            text.quoted(itemId);
        }
        return text.raw(",\"context\":")
                .json(context == null ? Json.NULL : context)
                .raw("}")
                .toJson();
    }
}
