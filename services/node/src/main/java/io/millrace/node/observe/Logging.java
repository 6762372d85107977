package io.millrace.node.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.millrace.node.config.LogFormat;
import io.millrace.node.config.LogLevel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.logstash.logback.encoder.LogstashEncoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets the log up. Lines go to standard error: standard output is for what a command was asked for. */
public final class Logging {
    private static final String LINE = "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\"} %-5level %logger{0}: %msg %kvp%n%ex{full}";

    /** What others say is less interesting than they think. */
    private static final Map<String, Level> OTHERS = Map.ofEntries(
            Map.entry("org.apache.kafka", Level.WARN),
            Map.entry("kafka", Level.WARN),
            Map.entry("state.change.logger", Level.WARN),
            Map.entry("io.undertow", Level.WARN),
            Map.entry("org.xnio", Level.WARN),
            Map.entry("org.jboss", Level.WARN),
            // These warn at every start or stop about what is as it should be, or repeat for each attempt what we say
            // once.
            Map.entry("org.apache.kafka.controller.QuorumController", Level.ERROR),
            Map.entry("kafka.server.DefaultAutoTopicCreationManager", Level.ERROR),
            Map.entry("org.apache.kafka.streams.StreamsConfig", Level.ERROR),
            Map.entry("org.apache.kafka.clients.NetworkClient", Level.ERROR));

    private Logging() {}

    /** For short commands: only what went wrong. */
    public static void quiet() {
        configure(LogFormat.TEXT, LogLevel.WARN);
    }

    /** For a node. */
    public static void configure(LogFormat format, LogLevel level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("console");
        console.setTarget("System.err");
        console.setEncoder(encoder(context, format));
        console.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(console);
        root.setLevel(Level.WARN);
        OTHERS.forEach((name, most) -> context.getLogger(name).setLevel(most));
        context.getLogger("io.millrace").setLevel(Level.toLevel(level.name()));
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        return switch (format) {
            case TEXT -> {
                PatternLayoutEncoder text = new PatternLayoutEncoder();
                text.setContext(context);
                text.setCharset(StandardCharsets.UTF_8);
                text.setPattern(LINE);
                text.start();
                yield text;
            }
            case JSON -> {
                LogstashEncoder json = new LogstashEncoder();
                json.setContext(context);
                json.start();
                yield json;
            }
        };
    }
}
