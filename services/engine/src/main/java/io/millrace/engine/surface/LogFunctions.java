package io.millrace.engine.surface;

import io.millrace.core.value.Json;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code engine::log::*} to log something, {@code engine::logs::*} to see what has been logged. */
record LogFunctions(Logs logs, Directory directory, InstantSource clock) {
    private static final int USUAL_LIMIT = 100;
    private static final int MOST = 10_000;
    private static final long NANOS_PER_MS = 1_000_000L;

    List<LocalFunction> all() {
        List<LocalFunction> all = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            all.add(Asked.later(
                    "engine::log::" + severity.level(),
                    "Logs a message of level " + severity.level() + ".",
                    arguments -> log(severity, arguments),
                    "message",
                    "trace_id?",
                    "span_id?",
                    "data?:any",
                    "service_name?"));
        }
        all.add(Asked.now(
                "engine::logs::list",
                "Lists what has been logged of late, latest first.",
                this::list,
                "start_time?:integer",
                "end_time?:integer",
                "trace_id?",
                "span_id?",
                "severity_min?:integer",
                "severity_text?",
                "offset?:integer",
                "limit?:integer"));
        all.add(Asked.now("engine::logs::clear", "Forgets what has been logged.", this::clear));
        return all;
    }

    private CompletionStage<Outcome> log(Severity severity, Arguments arguments) {
        String message = arguments.text("message");
        String given = arguments.optionalText("service_name");
        String service = given == null ? directory.nameOr(arguments.context().callerWorkerId(), "unknown") : given;
        ObjectNode attributes = Tree.object();
        Tree.put(attributes, "log.data", arguments.optionalValue("data"));
        Instant now = clock.instant();
        long nanos = Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
        logs.add(new LogRecord(
                nanos,
                nanos,
                severity.number(),
                severity.name(),
                message,
                Json.of(attributes),
                arguments.optionalText("trace_id"),
                arguments.optionalText("span_id"),
                Json.of(Tree.object().put("service.name", service)),
                service,
                null,
                null));
        return CompletableFuture.completedStage(new Outcome.NoResult());
    }

    private JsonNode list(Arguments arguments) {
        Filter filter = Filter.of(arguments);
        List<Logs.Kept> found = logs.latest().stream()
                .filter(kept -> filter.fits(kept.record()))
                .toList();
        List<Logs.Kept> page = found.stream()
                .skip(arguments.number("offset", 0, 0, Integer.MAX_VALUE))
                .limit(arguments.number("limit", USUAL_LIMIT, 0, MOST))
                .toList();
        ObjectNode list = Tree.object();
        list.set("logs", Tree.array(page, kept -> kept.json().tree()));
        return list.put("total", found.size()).put("timestamp", clock.instant().toEpochMilli());
    }

    private JsonNode clear(Arguments arguments) {
        logs.clear();
        return Tree.object().put("success", true);
    }

    /** Which records are wanted; times in milliseconds. */
    private record Filter(
            long fromMs,
            long untilMs,
            @Nullable String traceId,
            @Nullable String spanId,
            long severityMin,
            @Nullable String severityText) {
        static Filter of(Arguments arguments) {
            return new Filter(
                    arguments.number("start_time", 0, 0, Long.MAX_VALUE),
                    arguments.number("end_time", Long.MAX_VALUE, 0, Long.MAX_VALUE),
                    arguments.optionalText("trace_id"),
                    arguments.optionalText("span_id"),
                    arguments.number("severity_min", 0, 0, Severity.ERROR.number() + 7L),
                    arguments.optionalText("severity_text"));
        }

        boolean fits(LogRecord record) {
            long ms = record.timeUnixNano() / NANOS_PER_MS;
            return ms >= fromMs
                    && ms <= untilMs
                    && (traceId == null || traceId.equals(record.traceId()))
                    && (spanId == null || spanId.equals(record.spanId()))
                    && record.severityNumber() >= severityMin
                    && (severityText == null
                            || record.severity().level().equals(severityText.toLowerCase(Locale.ROOT)));
        }
    }
}
