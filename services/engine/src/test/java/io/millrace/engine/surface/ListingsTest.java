package io.millrace.engine.surface;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ListingsTest {
    private final World world = new World();

    @Test
    void functionsAreListedByIdWithoutInternalOnes() {
        world.connect()
                .announce("{\"name\":\"shop\",\"pid\":7}")
                .function("todos::create", "{\"team\":\"a\"}")
                .function("hidden", "{\"internal\":true}");
        assertThat(world.call("engine::functions::list", "{}")).isEqualTo(json("""
                {"functions":[
                 {"function_id":"state::set","namespace":"default","worker_name":"state","description":"Writes a value."},
                 {"function_id":"todos::create","namespace":"default","worker_name":"shop",
                  "description":"About todos::create","metadata":{"team":"a"}}]}"""));
    }

    @Test
    void internalFunctionsAreListedWhenAskedFor() {
        world.connect().function("hidden", "{\"internal\":true}");
        assertThat(ids("engine::functions::list", "{\"include_internal\":true}", "functions", "function_id"))
                .contains("hidden", "engine::functions::list");
    }

    @Test
    void functionsAreFoundByWordsPrefixAndWorker() {
        world.connect()
                .announce("{\"name\":\"shop\"}")
                .function("todos::create", null)
                .function("todos::drop", null);
        assertThat(functions("{\"search\":\"CREATE\"}")).containsExactly("todos::create");
        assertThat(functions("{\"prefix\":\"todos::\"}")).containsExactly("todos::create", "todos::drop");
        assertThat(functions("{\"worker\":\"shop\"}")).containsExactly("todos::create", "todos::drop");
        assertThat(functions("{\"workers\":[\"state\",\"nobody\"]}")).containsExactly("state::set");
        assertThat(functions("{\"search\":null}")).hasSize(3);
    }

    @Test
    void aFunctionOfSeveralWorkersIsListedOnce() {
        world.connect().function("f", null);
        World.Connected second = world.connect().function("f", null);
        assertThat(functions("{\"prefix\":\"f\"}")).containsExactly("f");
        assertThat(functions("{\"worker\":\"" + second.worker().id() + "\"}")).containsExactly("f");
    }

    @Test
    void aFunctionIsDescribedWithItsTriggers() {
        world.connect().function("f", null).trigger("t-1", "later-type", "f", "{\"a\":1}");
        assertThat(world.call("engine::functions::info", "{\"function_id\":\"f\"}"))
                .isEqualTo(json("""
                {"function_id":"f","namespace":"default","worker_name":"f","description":"About f",
                 "request_schema":{"type":"object"},
                 "registered_triggers":[{"id":"t-1","trigger_type":"later-type","config":{"a":1}}]}"""));
    }

    @Test
    void severalFunctionsAreDescribedAtOnce() {
        JsonNode found = world.call("engine::functions::info", "{\"function_ids\":[\"state::set\",\"none\"]}");
        assertThat(found.path("functions").get(0).path("function_id").asString())
                .isEqualTo("state::set");
        assertThat(found.path("functions").get(1))
                .isEqualTo(json("{\"function_id\":\"none\",\"error\":\"not_found\"}"));
    }

    @Test
    void whatCannotBeDescribedIsRefused() {
        assertThat(world.failure("engine::functions::info", "{}")).isEqualTo("INVALID_ARGUMENTS");
        assertThat(world.failure("engine::functions::info", "{\"function_id\":\"a\",\"function_ids\":[]}"))
                .isEqualTo("INVALID_ARGUMENTS");
        assertThat(world.failure("engine::functions::info", "{\"function_ids\":[" + "\"a\",".repeat(32) + "\"a\"]}"))
                .isEqualTo("INVALID_ARGUMENTS");
        assertThat(world.failure("engine::functions::info", "{\"function_id\":\"none\"}"))
                .isEqualTo("NOT_FOUND");
        assertThat(world.failure("engine::functions::info", "{\"function_id\":5}"))
                .isEqualTo("deserialization_error");
        assertThat(world.failure("engine::functions::list", "[]")).isEqualTo("deserialization_error");
    }

    @Test
    void aWorkerIsListedWhenItHasSaidWhoItIs() {
        World.Connected worker = world.connect().function("f", null);
        assertThat(ids("engine::workers::list", "{\"status\":\"connected\"}", "workers", "id"))
                .isEmpty();
        worker.announce(
                "{\"name\":\"shop\",\"version\":\"1\",\"runtime\":\"node\",\"os\":5,\"pid\":7,\"isolation\":null}");
        assertThat(world.call("engine::workers::list", "{\"runtime\":\"node\"}").path("workers"))
                .isEqualTo(json("""
                [{"name":"shop","description":null,"version":"1","id":"%s","namespace":"default","runtime":"node",
                 "os":null,"status":"connected","function_count":1,"connected_at_ms":1767323045000,
                 "active_invocations":0,"isolation":null,"ip_address":"10.0.0.1"}]""".formatted(worker.worker().id())));
    }

    @Test
    void ourOwnFunctionsAreListedAsWorkersOfThisProcess() {
        JsonNode ours = world.call("engine::workers::list", "{\"status\":\"available\"}");
        assertThat(ours.path("workers")).hasSize(2);
        JsonNode state = ours.path("workers").get(1);
        assertThat(state.path("name").asString()).isEqualTo("state");
        assertThat(state.path("runtime").asString()).isEqualTo("engine");
        assertThat(state.path("isolation").asString()).isEqualTo("in-process");
        assertThat(state.path("function_count").intValue()).isEqualTo(1);
    }

    @Test
    void aWorkerIsDescribedWithAllThatIsItsOwn() {
        world.connect()
                .announce("{\"name\":\"shop\",\"pid\":7}")
                .function("f", null)
                .trigger("t-1", "log", "f", "{}");
        JsonNode info = world.call("engine::workers::info", "{\"name\":\"shop\"}");
        assertThat(info.path("worker").path("pid").intValue()).isEqualTo(7);
        assertThat(info.path("worker").path("internal").booleanValue()).isFalse();
        assertThat(info.path("functions").get(0).path("function_id").asString()).isEqualTo("f");
        assertThat(info.path("trigger_types").isEmpty()).isTrue();
        assertThat(info.path("registered_triggers").get(0).path("id").asString())
                .isEqualTo("t-1");
        assertThat(world.failure("engine::workers::info", "{\"name\":\"nobody\"}"))
                .isEqualTo("NOT_FOUND");
    }

    @Test
    void onlyAConnectedWorkerCanSayWhoItIs() {
        assertThat(world.failure("engine::workers::register", "{}")).isEqualTo("deserialization_error");
        assertThat(world.failure("engine::workers::register", "{\"_caller_worker_id\":\"x\"}"))
                .isEqualTo("NOT_FOUND");
        assertThat(world.failure("engine::workers::register", "{\"_caller_worker_id\":\"x\",\"namespace\":\" \"}"))
                .isEqualTo("INVALID_NAMESPACE");
    }

    @Test
    void typesOfTriggersAreListedAndDescribed() {
        world.connect().trigger("t-1", "log", "f", "{}");
        assertThat(world.call("engine::triggers::list", "{}")).isEqualTo(json("""
                {"triggers":[{"id":"log","namespace":"default","worker_name":"engine",
                 "description":"A program has logged something."}]}"""));
        assertThat(ids("engine::triggers::list", "{\"include_internal\":true}", "triggers", "id"))
                .containsExactly("engine::functions-available", "engine::workers-available", "log");
        assertThat(world.call("engine::triggers::info", "{\"id\":\"log\"}")
                        .path("instance_count")
                        .intValue())
                .isEqualTo(1);
        assertThat(world.failure("engine::triggers::info", "{\"id\":\"none\"}")).isEqualTo("NOT_FOUND");
        JsonNode old = world.call("engine::trigger-types::list", "{}").path("trigger_types");
        assertThat(old).hasSize(1);
        assertThat(old.get(0).path("description").asString()).isEqualTo("A program has logged something.");
        assertThat(old.get(0).path("trigger_request_format").path("type").asString())
                .isEqualTo("object");
    }

    @Test
    void triggersAreListedAndDescribed() {
        String config = "{\"level\":\"all\",\"note\":\"" + "x".repeat(100) + "\"}";
        world.connect()
                .announce("{\"name\":\"shop\"}")
                .function("f", null)
                .trigger("t-1", "log", "f", config)
                .trigger("t-2", "log", "engine::log::info", "{}");
        JsonNode found = world.call("engine::registered-triggers::list", "{\"trigger_type\":\"log\"}");
        assertThat(found.path("registered_triggers")).hasSize(1);
        JsonNode first = found.path("registered_triggers").get(0);
        assertThat(first.path("worker_name").asString()).isEqualTo("shop");
        assertThat(first.path("config_summary").asString())
                .hasSize(81)
                .startsWith("{\"level\"")
                .endsWith("…");
        JsonNode info = world.call("engine::registered-triggers::info", "{\"id\":\"t-1\"}");
        assertThat(info.path("metadata")).isEqualTo(json("{\"m\":1}"));
        assertThat(info.path("trigger").path("id").asString()).isEqualTo("log");
        assertThat(info.path("function").path("function_id").asString()).isEqualTo("f");
        assertThat(world.failure("engine::registered-triggers::info", "{\"id\":\"none\"}"))
                .isEqualTo("NOT_FOUND");
    }

    private java.util.List<String> functions(String search) {
        return ids("engine::functions::list", search, "functions", "function_id");
    }

    private java.util.List<String> ids(String functionId, String payload, String list, String id) {
        return world.call(functionId, payload)
                .path(list)
                .valueStream()
                .map(entry -> entry.path(id).asString())
                .toList();
    }

    private static JsonNode json(String text) {
        return Json.ofText(text).tree();
    }
}
