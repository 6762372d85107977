package io.millrace.engine.surface;

import io.millrace.core.value.Json;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.TriggerType;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Triggers of type {@code log}: a program has logged something. Their config may name the one level they want. */
final class LogTriggers implements TriggerType {
    private static final String ALL = "all";

    private static final Json CONFIG = Json.ofText("""
            {"type":"object","properties":{"level":{
            "enum":["all","trace","debug","info","warn","error"],"default":"all"}}}""");

    private final Audience audience;

    LogTriggers(Audience audience) {
        this.audience = audience;
    }

    void logged(Logs.Kept added) {
        Severity severity = added.record().severity();
        audience.call(added.json(), binding -> wants(binding, severity));
    }

    /** SDKs leave a record's text empty: its number tells the level as well. */
    private static boolean wants(Binding binding, Severity severity) {
        Severity wanted = Severity.named(level(binding));
        return wanted == null || wanted == severity;
    }

    @Override
    public CompletionStage<Void> bind(Binding binding) {
        String level = level(binding);
        if (!level.equals(ALL) && Severity.named(level) == null) {
            throw new TriggerRefusedException(
                    "level: '" + level + "' (expected: all, trace, debug, info, warn or error)");
        }
        audience.add(binding);
        return CompletableFuture.completedStage(null);
    }

    private static String level(Binding binding) {
        @Nullable JsonNode level = binding.config().tree().get("level");
        return level == null || level.isNull()
                ? ALL
                : level.isString() ? level.stringValue().toLowerCase(Locale.ROOT) : level.toString();
    }

    @Override
    public void unbind(Binding binding, Ending ending) {
        audience.remove(binding);
    }

    @Override
    public String id() {
        return "log";
    }

    @Override
    public String description() {
        return "A program has logged something.";
    }

    /** Programs send what they log to whatever node they are connected to. */
    @Override
    public boolean isEverywhere() {
        return true;
    }

    @Override
    public Json configFormat() {
        return CONFIG;
    }
}
