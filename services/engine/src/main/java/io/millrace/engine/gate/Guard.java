package io.millrace.engine.gate;

import io.millrace.core.value.Json;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Conditions;
import io.millrace.engine.trigger.TriggerRefusedException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One who is asked or told. Two workers that register the same trigger are one guard, whose calls are balanced over them.
 *
 * @param streamName which stream it cares about; null for all
 * @param conditionId whose {@code false} keeps it from being called
 */
public record Guard(
        String functionId,
        @Nullable String streamName,
        @Nullable String conditionId,
        @Nullable Json metadata) {
    /**
     * What a binding stands for.
     *
     * @throws TriggerRefusedException if the config is none of ours
     */
    static Guard of(Binding binding) {
        JsonNode config = binding.config().tree();
        if (!config.isObject() && !config.isNull()) {
            throw new TriggerRefusedException("config must be an object");
        }
        JsonNode stream = config.path("stream_name");
        boolean all = stream.isMissingNode() || stream.isNull();
        if (!all && !stream.isString()) {
            throw new TriggerRefusedException("stream_name must be a string");
        }
        return new Guard(
                binding.functionId(), all ? null : stream.stringValue(), Conditions.of(config), binding.metadata());
    }

    boolean caresFor(String stream) {
        return streamName == null || streamName.equals(stream);
    }
}
