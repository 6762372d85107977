package io.millrace.web.http;

import io.millrace.core.value.JsonReader;
import io.millrace.engine.channel.Channels;
import io.millrace.engine.function.Functions;
import io.millrace.engine.port.Scheduler;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * What all requests need.
 *
 * @param bodies what JSON bodies may take
 * @param executor for what takes its time, such as large JSON
 */
record Means(
        HttpTriggersConfig config,
        Functions functions,
        Channels channels,
        Scheduler scheduler,
        InstantSource clock,
        Executor executor,
        HttpEvents events,
        CorsHeaders cors,
        JsonReader reader,
        Budget bodies) {}
