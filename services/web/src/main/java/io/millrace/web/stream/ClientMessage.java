package io.millrace.web.stream;

import io.millrace.core.address.Group;
import io.millrace.core.address.MalformedNameException;
import io.millrace.core.value.JsonReader;
import io.millrace.core.value.MalformedJsonException;
import io.millrace.engine.feed.Terms;
import io.millrace.engine.gate.Visit;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a client asks for. */
sealed interface ClientMessage {
    /** The client's own name for the subscription, unique within its socket. */
    String subscriptionId();

    /**
     * Begin a subscription, instead of one that has the same id.
     *
     * @param itemId null for the whole group
     */
    record Join(
            String subscriptionId, Group group, @Nullable String itemId, Terms terms) implements ClientMessage {
        /** The same with cursors. */
        Join withCursors() {
            return new Join(subscriptionId, group, itemId, new Terms(terms.mode(), true, terms.cursor()));
        }
    }

    /**
     * A join on terms that cannot be had.
     *
     * @param itemId null for the whole group
     * @param why for people
     */
    record Misfit(
            String subscriptionId, Group group, @Nullable String itemId, String why) implements ClientMessage {}

    /**
     * End a subscription.
     *
     * @param itemId null for the whole group
     */
    record Leave(
            String subscriptionId, Group group, @Nullable String itemId) implements ClientMessage {}

    /** A join that others have been asked about: what came after it waits. */
    record Asked(Visit visit, Terms terms) implements ClientMessage {
        @Override
        public String subscriptionId() {
            return visit.subscriptionId();
        }
    }

    /** Reads the messages of one gateway. */
    final class Reader {
        /** A message is an object with an object in it; leave room for extra fields, which are ignored. */
        private static final int MOST_DEPTH = 64;

        private final JsonReader json = new JsonReader(MOST_DEPTH);
        private final int maxNameBytes;

        Reader(int maxNameBytes) {
            this.maxNameBytes = maxNameBytes;
        }

        /** The message, or null if it is none: clients rely on garbage being ignored. */
        @Nullable
        ClientMessage read(byte[] payload) {
            if (payload.length == 0) {
                return null;
            }
            try {
                return read(json.tree(payload));
            } catch (MalformedJsonException | MalformedNameException e) {
                return null;
            }
        }

        private @Nullable ClientMessage read(JsonNode message) {
            JsonNode fields = message.path("data");
            String subscriptionId = name(fields.path("subscriptionId"));
            String streamName = name(fields.path("streamName"));
            String groupId = name(fields.path("groupId"));
            JsonNode id = fields.path("id");
            boolean wholeGroup = id.isMissingNode() || id.isNull();
            String itemId = wholeGroup ? null : name(id);
            if (subscriptionId == null || streamName == null || groupId == null || (itemId == null && !wholeGroup)) {
                return null;
            }
            Group group = new Group(streamName, groupId);
            if (itemId != null) {
                group.address(itemId); // refuses what cannot be a name
            }
            return switch (message.path("type").asString("")) {
                case "join" ->
                    switch (Wanted.of(fields)) {
                        case Wanted.Fit(Terms terms) -> new Join(subscriptionId, group, itemId, terms);
                        case Wanted.Unfit(String why) -> new Misfit(subscriptionId, group, itemId, why);
                    };
                case "leave" -> new Leave(subscriptionId, group, itemId);
                default -> null;
            };
        }

        private @Nullable String name(JsonNode field) {
            if (!field.isString()) {
                return null;
            }
            String name = field.asString();
            return name.getBytes(StandardCharsets.UTF_8).length <= maxNameBytes ? name : null;
        }
    }
}
