import org.jspecify.annotations.NullMarked;

/** The use cases over ports, deterministic: time, chance and threads come in as arguments. No Kafka, no sockets. */
@NullMarked
module io.millrace.engine {
    requires transitive io.millrace.core;
    requires transitive static org.jspecify;

    exports io.millrace.engine.channel;
    exports io.millrace.engine.cron;
    exports io.millrace.engine.deliver;
    exports io.millrace.engine.feed;
    exports io.millrace.engine.fleet;
    exports io.millrace.engine.function;
    exports io.millrace.engine.gate;
    exports io.millrace.engine.own;
    exports io.millrace.engine.peer;
    exports io.millrace.engine.port;
    exports io.millrace.engine.presence;
    exports io.millrace.engine.pubsub;
    exports io.millrace.engine.queue;
    exports io.millrace.engine.reach;
    exports io.millrace.engine.read;
    exports io.millrace.engine.route;
    exports io.millrace.engine.surface;
    exports io.millrace.engine.subscription;
    exports io.millrace.engine.trigger;
    exports io.millrace.engine.worker;
    exports io.millrace.engine.write;
}
