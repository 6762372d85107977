package io.millrace.web.telemetry;

import io.millrace.core.value.Json;
import io.millrace.engine.surface.LogRecord;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;
import tools.jackson.databind.JsonNode;

/**
 * Writes what programs log to our own log, under {@code io.millrace.program.<service>}. Unlike our own lines these hold
 * what the program says: that is what they are for.
 */
public final class LogLines implements Consumer<LogRecord> {
    private static final String PREFIX = "io.millrace.program.";
    private static final int MOST_LOGGERS = 1_000;
    private static final int MOST_NAME_CHARS = 64;
    private static final int MOST_BODY_CHARS = 8_000;
    private static final int MOST_DATA_CHARS = 4_000;

    /** Loggers are never forgotten, and programs may call themselves what they like. */
    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();

    @Override
    public void accept(LogRecord record) {
        LoggingEventBuilder line = logger(record.serviceName()).atLevel(level(record));
        JsonNode given = record.attributes().tree().path("log.data");
        if (!given.isMissingNode()) {
            line = line.addKeyValue("data", cut(Json.of(given).toString(), MOST_DATA_CHARS));
        }
        if (record.traceId() != null) {
            line = line.addKeyValue("traceId", oneLine(cut(record.traceId(), MOST_NAME_CHARS)));
        }
        line.log(oneLine(cut(record.body(), MOST_BODY_CHARS)));
    }

    private static Level level(LogRecord record) {
        return switch (record.severity()) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR -> Level.ERROR;
        };
    }

    private Logger logger(String service) {
        String name = cut(service, MOST_NAME_CHARS).replaceAll("[^A-Za-z0-9_:@-]", "_");
        Logger known = loggers.get(name);
        if (known != null) {
            return known;
        }
        return loggers.size() >= MOST_LOGGERS
                ? LoggerFactory.getLogger(PREFIX + "others")
                : loggers.computeIfAbsent(name, unknown -> LoggerFactory.getLogger(PREFIX + unknown));
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }

    /** A program must not be able to write lines that look like ours. */
    private static String oneLine(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            if (c == '\n') {
                line.append("\\n");
            } else {
                line.append(Character.isISOControl(c) ? ' ' : (char) c);
            }
        });
        return line.toString();
    }
}
