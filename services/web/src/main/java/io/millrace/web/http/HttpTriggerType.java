package io.millrace.web.http;

import io.millrace.core.value.Json;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The type {@code http}: its triggers are the routes. */
final class HttpTriggerType implements TriggerType {
    private static final Json CONFIG = Json.ofText("""
            {"type":"object","required":["api_path"],"properties":{
            "api_path":{"type":"string","description":"for instance /users/:id"},
            "http_method":{"type":"string","default":"GET"},
            "condition_function_id":{"type":["string","null"]},
            "middleware_function_ids":{"type":"array","items":{"type":"string"}}}}
            """);
    private static final Json CALL = Json.ofText("""
            {"type":"object","properties":{
            "query_params":{"type":"object","additionalProperties":{"type":"string"}},
            "path_params":{"type":"object","additionalProperties":{"type":"string"}},
            "headers":{"type":"object","additionalProperties":{"type":"string"}},
            "path":{"type":"string"},"method":{"type":"string"},"body":{},
            "trigger":{"type":"object"},"request_body":{"type":"object"},"response":{"type":"object"}}}
            """);

    private final Routes routes;
    private final Supplier<Turns> turns;

    HttpTriggerType(Routes routes, Supplier<Turns> turns) {
        this.routes = routes;
        this.turns = turns;
    }

    @Override
    public String id() {
        return "http";
    }

    @Override
    public String description() {
        return "Calls a function for every HTTP request on a path.";
    }

    /** Requests come to every node. */
    @Override
    public boolean isEverywhere() {
        return true;
    }

    @Override
    public Json configFormat() {
        return CONFIG;
    }

    @Override
    public Json callFormat() {
        return CALL;
    }

    @Override
    public CompletionStage<Void> bind(Binding binding) {
        routes.add(Route.of(binding, turns.get()));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void unbind(Binding binding, Ending ending) {
        routes.remove(binding);
    }
}
