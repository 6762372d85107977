package io.millrace.engine.presence;

import io.millrace.core.address.Group;
import io.millrace.core.value.JsonText;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.MalformedRequestException;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.function.Payload;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.Peers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code stream::subscribers}: who is subscribed to a group, at any node. Each node lists its own; they come in the order of
 * the nodes' names.
 */
final class Subscribers {
    private static final int MOST = 10_000;
    /** The most that one node gives of its own to another at a time: links are for others, too. */
    private static final int MOST_PART_BYTES = 4 << 20;
    /** How long another node may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final PresenceConfig config;
    private final Means means;
    private final Registry registry;
    private final Peers peers;
    private final Others others;

    Subscribers(PresenceConfig config, Means means, Registry registry, Peers peers, Others others) {
        this.config = config;
        this.means = means;
        this.registry = registry;
        this.peers = peers;
        this.others = others;
        peers.answer(
                Roll.KIND,
                (from, body, deadline) ->
                        own(Roll.Question.of(body)).thenApply(part -> part.toBytes(config.startMs())));
    }

    LocalFunction function() {
        return Payload.function(
                "stream::subscribers",
                "List who is subscribed to a stream group",
                "STREAM_SUBSCRIBERS_ERROR",
                this::list);
    }

    /** What a node was asked; no part if it has not answered. */
    private record Answer(String node, Roll.@Nullable Part part) {}

    private CompletionStage<Outcome> list(Payload payload) {
        Group group = new Group(payload.text("stream_name"), payload.text("group_id"));
        String itemId = payload.optionalText("item_id");
        int limit = payload.integer("limit", 1, MOST, Integer.MAX_VALUE);
        Place place = Place.of(payload.optionalText("cursor"));
        NavigableSet<String> nodes = new TreeSet<>(others.nodes());
        peers.all().forEach(peer -> nodes.add(peer.node()));
        nodes.add(config.node());
        long bytes = nodes.size() == 1
                ? config.maxListBytes()
                : Math.min(MOST_PART_BYTES, config.maxListBytes() / nodes.size());
        Instant deadline = deadline(payload.invocation().deadline());
        List<CompletableFuture<Answer>> asked = new ArrayList<>();
        for (String node : nodes) {
            int order = node.compareTo(place.node());
            Roll.Mark after = order == 0 ? place.mark() : Roll.Mark.BEGINNING;
            Roll.Question question = new Roll.Question(group, itemId, after, order < 0 ? 0 : limit, bytes);
            asked.add(ask(node, question, deadline).toCompletableFuture());
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                .thenApplyAsync(done -> page(asked, place, limit), means.executor());
    }

    /** In time for an answer to whoever asks us. */
    private Instant deadline(Instant theirs) {
        Instant now = means.clock().instant();
        Instant ours = now.plus(PATIENCE);
        return theirs.isAfter(ours)
                ? ours
                : now.plus(Duration.between(now, theirs).multipliedBy(3).dividedBy(4));
    }

    private CompletionStage<Answer> ask(String node, Roll.Question question, Instant deadline) {
        if (node.equals(config.node())) {
            return own(question).thenApply(part -> new Answer(node, part));
        }
        Peer peer = peers.peer(node);
        if (peer == null) {
            return CompletableFuture.completedStage(new Answer(node, null));
        }
        return peer.ask(Roll.KIND, question.toBytes(), deadline)
                .thenApplyAsync(answer -> new Answer(node, Roll.Part.of(node, answer)), means.executor())
                .exceptionally(failure -> new Answer(node, null));
    }

    private CompletionStage<Roll.Part> own(Roll.Question question) {
        return CompletableFuture.supplyAsync(() -> Roll.part(config, registry, question), means.executor());
    }

    private static Outcome page(List<CompletableFuture<Answer>> answers, Place from, int limit) {
        JsonText text = new JsonText().raw("{\"subscribers\":[");
        int given = 0;
        int count = 0;
        Place last = from;
        boolean full = false;
        List<String> missing = new ArrayList<>();
        for (CompletableFuture<Answer> each : answers) {
            Answer answer = each.join();
            Roll.Part part = answer.part();
            if (part == null) {
                missing.add(answer.node());
                continue;
            }
            count += part.count();
            boolean counted = part.node().compareTo(from.node()) < 0;
            for (Roll.One one : counted ? List.<Roll.One>of() : part.ones()) {
                full |= given >= limit;
                if (full) {
                    break;
                }
                text.raw(given++ == 0 ? "" : ",").json(one.json());
                last = new Place(part.node(), one.mark());
            }
            full |= !counted && part.more();
        }
        text.raw("],\"count\":").number(count);
        if (full) {
            text.raw(",\"cursor\":").quoted(last.cursor());
        }
        if (!missing.isEmpty()) {
            String separator = ",\"missing\":[";
            for (String node : missing) {
                text.raw(separator).quoted(node);
                separator = ",";
            }
            text.raw("]");
        }
        return new Outcome.Result(text.raw("}").toJson());
    }

    /** Where a page ended. */
    private record Place(String node, Roll.Mark mark) {
        private static final int RADIX = Character.MAX_RADIX;
        private static final String SEPARATOR = "-";

        static Place of(@Nullable String cursor) {
            if (cursor == null) {
                return new Place("", Roll.Mark.BEGINNING);
            }
            String[] parts = cursor.split(SEPARATOR, 3);
            try {
                if (parts.length == 3) {
                    Roll.Mark mark = new Roll.Mark(Long.parseLong(parts[0], RADIX), Long.parseLong(parts[1], RADIX));
                    return new Place(parts[2], mark);
                }
            } catch (NumberFormatException e) {
                // It is none of ours, as below.
            }
            throw new MalformedRequestException("invalid value: `cursor`, expected the cursor of an earlier page");
        }

        String cursor() {
            return String.join(
                    SEPARATOR, Long.toString(mark.startMs(), RADIX), Long.toString(mark.number(), RADIX), node);
        }
    }
}
