package io.millrace.engine.surface;

import io.millrace.engine.channel.Channel;
import io.millrace.engine.channel.Channels;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.trigger.Triggers;
import io.millrace.engine.worker.Workers;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code engine::channels::create}, {@code engine::baggage::*} and {@code engine::health::check}. */
record SmallFunctions(
        Channels channels,
        Directory directory,
        Triggers triggers,
        Workers workers,
        Supplier<@Nullable String> trouble,
        InstantSource clock) {
    List<LocalFunction> all() {
        return List.of(
                Asked.now(
                        "engine::channels::create",
                        "Makes a channel: one writes, one reads.",
                        this::channel,
                        "buffer_size?:integer"),
                Asked.now(
                        "engine::baggage::get", "Looks a baggage entry of the call up.", SmallFunctions::entry, "key"),
                Asked.now(
                        "engine::baggage::set",
                        "Changes nothing: a call cannot change its caller.",
                        this::set,
                        "key",
                        "value"),
                Asked.now("engine::baggage::get_all", "Shows the baggage of the call.", SmallFunctions::entries),
                Asked.now("engine::health::check", "Tells whether this node is well.", this::health));
    }

    private JsonNode channel(Arguments arguments) {
        int items = (int) arguments.number("buffer_size", Channels.USUAL_ITEMS, 1, Channels.MOST_ITEMS);
        Channel channel = channels.create(items);
        ObjectNode ends = Tree.object();
        ends.set("writer", channel.writerRef().tree());
        ends.set("reader", channel.readerRef().tree());
        return ends;
    }

    private static JsonNode entry(Arguments arguments) {
        Map<String, String> baggage = Baggage.of(arguments.context().baggage());
        return Tree.object().put("value", baggage.get(arguments.text("key")));
    }

    private JsonNode set(Arguments arguments) {
        arguments.text("key");
        arguments.text("value");
        return Tree.object()
                .put("success", true)
                .put("note", "a call cannot change its caller's baggage: set it where the call is made");
    }

    private static JsonNode entries(Arguments arguments) {
        ObjectNode entries = Tree.object();
        Baggage.of(arguments.context().baggage()).forEach(entries::put);
        return Tree.object().set("baggage", entries);
    }

    private JsonNode health(Arguments arguments) {
        String wrong = trouble.get();
        ObjectNode health = Tree.object().put("status", wrong == null ? "healthy" : "unhealthy");
        Tree.put(health, "message", wrong);
        return health.put("workers", workers.all().size())
                .put("functions", directory.functions().ids().size())
                .put("triggers", triggers.bindings().size())
                .put("timestamp", clock.instant().toEpochMilli());
    }
}
