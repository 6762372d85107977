package io.millrace.engine.queue;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.function.Payload;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.port.DeadLetter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The functions that put into queues, look into them, and settle dead letters. */
public final class QueueFunctions implements AutoCloseable {
    private static final String BROKER = "kafka";
    private static final int MOST_LISTED = 1_000;

    private final QueueMeans means;
    private final Queues queues;
    private final DurableTopics topics;
    private final Redriven redriven;
    private final Letters letters;
    private final Settlement settlement;
    private final Census census;
    private final Duration discovery;
    private volatile boolean closed;

    /** Functions over these queues and durable topics, at the only node. */
    public QueueFunctions(QueuesConfig config, QueueMeans means, Queues queues, DurableTopics topics) {
        this(config, means, queues, topics, "", new Peers());
    }

    /**
     * The same with other nodes.
     *
     * @param node this one's id
     */
    public QueueFunctions(
            QueuesConfig config, QueueMeans means, Queues queues, DurableTopics topics, String node, Peers peers) {
        this.means = means;
        this.queues = queues;
        this.topics = topics;
        this.redriven = new Redriven(config, means);
        this.letters = new Letters(means, queues, redriven);
        this.settlement = new Settlement(letters, node, peers, means.clock());
        this.census = new Census(queues, topics, peers, means.clock());
        this.discovery = config.discovery();
    }

    /** Goes on with what is under way since before this node was started, and with what other nodes leave behind. */
    public void start() {
        if (closed || redriven.isOpen()) {
            return;
        }
        var _ = redriven.begin().whenComplete((begun, failure) -> {
            if (failure != null) {
                means.events().postponed("go on with redriven letters", failure);
            }
            var _ = means.scheduler().after(discovery, this::start);
        });
    }

    /** All of them. */
    public List<LocalFunction> all() {
        return List.of(
                function("engine::queue::enqueue", "Put a message for a function into a queue", this::enqueue),
                function("iii::queue::redrive", "Send dead letters to their functions once more", this::redrive),
                function(
                        "iii::queue::redrive_message",
                        "Send one dead letter to its function once more",
                        payload -> one(payload, true)),
                function("iii::queue::discard_message", "Throw one dead letter away", payload -> one(payload, false)),
                function("engine::queue::list_topics", "List queues and durable topics", this::list),
                function("engine::queue::topic_stats", "How full a queue or durable topic is", this::stats),
                function("engine::queue::dlq_topics", "List whose dead letters there are", this::dead),
                function("engine::queue::dlq_messages", "List dead letters", this::deadMessages),
                topics.publish());
    }

    private static LocalFunction function(String id, String description, Payload.Call call) {
        return Payload.function(id, description, "queue_error", call);
    }

    private CompletionStage<Outcome> enqueue(Payload payload) {
        String queue = payload.text("queue");
        String functionId = payload.text("function_id");
        String given = payload.optionalText("messageReceiptId");
        String receipt = given == null ? means.ids().get().toString() : given;
        if (queue.isEmpty()) {
            return failed("queue_not_set", "Queue is not set");
        }
        if (functionId.isEmpty()) {
            return failed("function_not_set", "Function is not set");
        }
        Invocation.Context context = payload.invocation().context();
        Task task = new Task(functionId, receipt, payload.value("data"), context.traceParent(), context.baggage());
        return queues.put(queue, task).thenApply(refusal -> {
            if (refusal != null) {
                return refusal;
            }
            return result(new JsonText().raw("{\"messageReceiptId\":").quoted(receipt));
        });
    }

    private CompletionStage<Outcome> redrive(Payload payload) {
        String name = subject(payload);
        return settlement
                .settle(name, null, true, payload.invocation().deadline())
                .thenApply(count -> result(new JsonText()
                        .raw("{\"queue\":")
                        .quoted(name)
                        .raw(",\"redriven\":")
                        .number(count)));
    }

    private CompletionStage<Outcome> one(Payload payload, boolean redrive) {
        String name = subject(payload);
        String id = payload.text("message_id");
        return settlement
                .settle(name, id, redrive, payload.invocation().deadline())
                .thenApply(count -> result(new JsonText()
                        .raw("{\"queue\":")
                        .quoted(name)
                        .raw(",\"message_id\":")
                        .quoted(id)
                        // What clients know is called so in both cases.
                        .raw(",\"redriven\":")
                        .number(count)));
    }

    /** Whose letters are meant: that of a queue, a durable topic or a trigger. */
    private static String subject(Payload payload) {
        String queue = payload.optionalText("queue");
        String topic = payload.optionalText("topic");
        String subscription = payload.optionalText("subscription");
        return queue != null
                ? queue
                : topic != null ? topic : subscription != null ? subscription : payload.text("queue");
    }

    private static Predicate<DeadLetter.Subject> named(String name) {
        return subject -> subject.name().equals(name);
    }

    private CompletionStage<Outcome> list(Payload payload) {
        return census.take().thenCombine(means.log().topics(DurableTopics.PREFIX), (count, found) -> {
            Map<String, Integer> subscribers = new TreeMap<>(count.topics());
            for (String topic : found) {
                String name = SafeName.nameOf(topic.substring(DurableTopics.PREFIX.length()));
                if (name != null) {
                    subscribers.putIfAbsent(name, 0);
                }
            }
            count.queues().forEach(subscribers::putIfAbsent);
            JsonText text = new JsonText().raw("[");
            String separator = "";
            for (Map.Entry<String, Integer> topic : subscribers.entrySet()) {
                text.raw(separator).raw("{\"name\":").quoted(topic.getKey());
                text.raw(",\"broker_type\":").quoted(BROKER);
                text.raw(",\"subscriber_count\":").number(topic.getValue()).raw("}");
                separator = ",";
            }
            return new Outcome.Result(text.raw("]").toJson());
        });
    }

    private CompletionStage<Outcome> stats(Payload payload) {
        String name = payload.text("topic");
        return census.take().thenCompose(count -> {
            Integer subscribers = count.topics().get(name);
            if (subscribers != null) {
                return stats(name, null, subscribers);
            }
            if (!queues.isKnown(name) && !count.queues().containsKey(name)) {
                return failed("queue_not_found", "Queue '" + name + "' not found");
            }
            NamedQueue queue = queues.queue(name);
            boolean aloneHere = queue != null && queue.isDelivering();
            return stats(name, queue, Math.max(count.queues().getOrDefault(name, 0), aloneHere ? 1 : 0));
        });
    }

    private CompletionStage<Outcome> stats(String name, @Nullable NamedQueue queue, int consumers) {
        AtomicInteger dead = new AtomicInteger();
        return depth(name, queue)
                .thenCompose(depth -> letters.read(named(name), open -> {
                            dead.incrementAndGet();
                            return true;
                        })
                        .thenApply(read -> result(new JsonText()
                                .raw("{\"depth\":")
                                .number(depth)
                                .raw(",\"consumer_count\":")
                                .number(consumers)
                                .raw(",\"dlq_depth\":")
                                .number(dead.get())
                                .raw(",\"config\":null"))));
    }

    /** Of a durable topic, the sum over the functions that subscribe. */
    private CompletionStage<Long> depth(String name, @Nullable NamedQueue queue) {
        if (queue != null) {
            return means.log().depth(queue.topic(), queue.topic());
        }
        String topic = DurableTopics.PREFIX + SafeName.of(name);
        return means.log().groups(topic + ".").thenCompose(groups -> {
            CompletionStage<Long> sum = CompletableFuture.completedStage(0L);
            for (String group : groups) {
                sum = sum.thenCombine(means.log().depth(group, topic), Long::sum);
            }
            return sum;
        });
    }

    private CompletionStage<Outcome> dead(Payload payload) {
        Map<String, Integer> counts = new TreeMap<>();
        return letters.read(subject -> true, open -> {
                    counts.merge(open.letter().subject().name(), 1, Integer::sum);
                    return true;
                })
                .thenApply(read -> {
                    JsonText text = new JsonText().raw("[");
                    String separator = "";
                    for (Map.Entry<String, Integer> topic : counts.entrySet()) {
                        text.raw(separator).raw("{\"topic\":").quoted(topic.getKey());
                        text.raw(",\"broker_type\":").quoted(BROKER);
                        text.raw(",\"message_count\":").number(topic.getValue()).raw("}");
                        separator = ",";
                    }
                    return new Outcome.Result(text.raw("]").toJson());
                });
    }

    private CompletionStage<Outcome> deadMessages(Payload payload) {
        String name = subject(payload);
        int offset = payload.integer("offset", 0, Integer.MAX_VALUE, 0);
        int limit = payload.integer("limit", 0, MOST_LISTED, 50);
        AtomicInteger seen = new AtomicInteger();
        JsonText text = new JsonText().raw("[");
        return letters.read(named(name), open -> {
                    int place = seen.getAndIncrement();
                    if (place >= offset && place - offset < limit) {
                        text.raw(place == offset ? "" : ",");
                        add(text, open);
                    }
                    return place - offset + 1 < limit;
                })
                .thenApply(read -> new Outcome.Result(text.raw("]").toJson()));
    }

    private static void add(JsonText text, Letters.Open open) {
        DeadLetter letter = open.letter();
        Json error = Json.of(tools.jackson.databind.node.JsonNodeFactory.instance.stringNode(
                letter.code() + ": " + letter.message()));
        text.raw("{\"id\":").quoted(open.id());
        text.raw(",\"payload\":").json(letter.payload());
        text.raw(",\"error\":").json(error);
        text.raw(",\"failed_at\":").number(letter.failedAt().toEpochMilli());
        text.raw(",\"retries\":").number(letter.attempts());
        text.raw(",\"size_bytes\":").number(open.sizeBytes());
        text.raw(",\"function_id\":").quoted(letter.functionId()).raw("}");
    }

    private static Outcome result(JsonText text) {
        return new Outcome.Result(text.raw("}").toJson());
    }

    private static CompletionStage<Outcome> failed(String code, String message) {
        return CompletableFuture.completedStage(new Outcome.Failure(code, message));
    }

    @Override
    public void close() {
        closed = true;
        Ends.await(List.of(redriven.end().toCompletableFuture()));
    }
}
