package io.millrace.engine.presence;

import io.millrace.core.value.Json;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.PresenceLog;
import io.millrace.engine.port.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A log that outlives nodes, can be away, and then may have taken what it does not acknowledge. */
final class MemoryPresenceLog implements PresenceLog {
    private static final Duration ROUND_TRIP = Duration.ofMillis(5);

    /** One record. */
    record Line(Json key, @Nullable Json value) {}

    final List<Line> lines = new ArrayList<>();
    boolean away;
    int reads;
    private final Scheduler scheduler;
    private final BooleanSupplier takenThoughAway;

    MemoryPresenceLog(Scheduler scheduler, BooleanSupplier takenThoughAway) {
        this.scheduler = scheduler;
        this.takenThoughAway = takenThoughAway;
    }

    @Override
    public CompletionStage<@Nullable Void> append(Json key, @Nullable Json value) {
        CompletableFuture<@Nullable Void> appended = new CompletableFuture<>();
        boolean fails = away;
        if (!fails || takenThoughAway.getAsBoolean()) {
            lines.add(new Line(key, value));
        }
        var _ = scheduler.after(ROUND_TRIP, () -> {
            if (fails) {
                appended.completeExceptionally(unavailable());
            } else {
                appended.complete(null);
            }
        });
        return appended;
    }

    @Override
    public CompletionStage<@Nullable Void> read(Visitor visitor) {
        if (away) {
            return CompletableFuture.failedStage(unavailable());
        }
        reads++;
        List.copyOf(lines).forEach(line -> visitor.visit(line.key(), line.value()));
        return CompletableFuture.completedStage(null);
    }

    private static LogUnavailableException unavailable() {
        return new LogUnavailableException("away", new IllegalStateException());
    }

    /** The latest value of each key, without the starts. */
    Map<Json, Json> kept() {
        Map<Json, Json> kept = new LinkedHashMap<>();
        for (Line line : lines) {
            Json value = line.value();
            if (value == null) {
                kept.remove(line.key());
            } else if (line.key().tree().path("number").asLong() > 0) {
                kept.put(line.key(), value);
            }
        }
        return kept;
    }
}
