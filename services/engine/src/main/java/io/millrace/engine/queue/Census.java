package io.millrace.engine.queue;

import io.millrace.core.value.JsonText;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.peer.Poll;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who works off what, at all nodes together. A node that does not answer soon is not counted. */
final class Census {
    /** Answered with {@code {"topics":{"name":subscribers},"queues":{"name":1}}}. */
    private static final String QUEUES = "queues";

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final byte[] EVERYTHING = new JsonText().raw("{}").bytes();

    private final Queues queues;
    private final DurableTopics topics;
    private final Peers peers;
    private final InstantSource clock;

    /**
     * How many there are.
     *
     * @param topics triggers that subscribe, by durable topic
     * @param queues nodes that work it off, by queue; those known to nobody but Kafka are not there
     */
    record Count(Map<String, Integer> topics, Map<String, Integer> queues) {}

    Census(Queues queues, DurableTopics topics, Peers peers, InstantSource clock) {
        this.queues = queues;
        this.topics = topics;
        this.peers = peers;
        this.clock = clock;
        peers.answer(QUEUES, (from, body, deadline) -> CompletableFuture.completedStage(text(here())));
    }

    private Count here() {
        Map<String, Integer> delivering = new TreeMap<>();
        queues.all().forEach(queue -> delivering.put(queue.name(), queue.isDelivering() ? 1 : 0));
        return new Count(new TreeMap<>(topics.subscriptions()), delivering);
    }

    private static byte[] text(Count count) {
        JsonText text = new JsonText().raw("{\"topics\":");
        put(text, count.topics());
        put(text.raw(",\"queues\":"), count.queues());
        return text.raw("}").taken();
    }

    private static void put(JsonText text, Map<String, Integer> counts) {
        String separator = "{";
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            text.raw(separator).quoted(count.getKey()).raw(":").number(count.getValue());
            separator = ",";
        }
        text.raw(counts.isEmpty() ? "{}" : "}");
    }

    /** Counts. */
    CompletionStage<Count> take() {
        return new Poll(peers)
                .ask(QUEUES, EVERYTHING, clock.instant().plus(PATIENCE))
                .thenApply(answers -> {
                    Count all = here();
                    for (Poll.Answer answer : answers.given()) {
                        answer.said()
                                .tree()
                                .path("topics")
                                .forEachEntry((name, count) -> all.topics().merge(name, count.asInt(0), Integer::sum));
                        answer.said()
                                .tree()
                                .path("queues")
                                .forEachEntry((name, count) -> all.queues().merge(name, count.asInt(0), Integer::sum));
                    }
                    return all;
                });
    }
}
