package io.millrace.web.http;

import io.millrace.core.value.Json;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Conditions;
import io.millrace.engine.trigger.TriggerRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What answers a method on a path.
 *
 * @param binding the trigger it comes from
 * @param condition the function that may say no, if there is one
 * @param middleware the functions that see a request before its own function, in order
 * @param turns keeps the requests to a number
 */
record Route(
        Binding binding,
        String method,
        RoutePattern pattern,
        @Nullable String condition,
        List<String> middleware,
        Turns turns) {

    /**
     * The route of a trigger.
     *
     * @throws TriggerRefusedException if the config is not one of an http trigger
     */
    static Route of(Binding binding, Turns turns) {
        JsonNode config = binding.config().tree();
        JsonNode path = config.path("api_path");
        if (!path.isString()) {
            throw new TriggerRefusedException("api_path is required for http triggers");
        }
        JsonNode method = config.path("http_method");
        return new Route(
                binding,
                method.isString() ? method.stringValue().toUpperCase(Locale.ROOT) : "GET",
                RoutePattern.of(path.stringValue()),
                Conditions.of(config),
                strings(config.path("middleware_function_ids")),
                turns);
    }

    private static List<String> strings(JsonNode list) {
        List<String> strings = new ArrayList<>();
        list.forEach(each -> {
            if (each.isString()) {
                strings.add(each.stringValue());
            }
        });
        return List.copyOf(strings);
    }

    /** Whether it is registered at another node. */
    boolean isRemote() {
        return binding.node() != null;
    }

    String functionId() {
        return binding.functionId();
    }

    @Nullable
    Json metadata() {
        return binding.metadata();
    }
}
