package io.millrace.engine.surface;

import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.trigger.Binding;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code engine::functions::*}: which functions there are. */
record FunctionListings(Directory directory, Whole.Of whole) {
    private static final int MOST_AT_ONCE = 32;

    List<LocalFunction> all() {
        return List.of(
                Asked.now("engine::functions::list", "Lists functions.", this::list, Search.FIELDS),
                whole.function(
                        "engine::functions::info",
                        "Describes one function, or up to 32.",
                        this::info,
                        "function_id?",
                        "function_ids?:strings"));
    }

    private JsonNode list(Arguments arguments) {
        List<Directory.Entry> found = directory.search(Search.of(arguments));
        return Tree.object().set("functions", Tree.array(found, Directory.Entry::summary));
    }

    private JsonNode info(Arguments arguments, Whole all) {
        String id = arguments.optionalText("function_id");
        List<String> ids = arguments.optionalTexts("function_ids");
        if ((id == null) == (ids == null)) {
            throw new Asked.Refused("INVALID_ARGUMENTS", "exactly one of function_id and function_ids is required");
        }
        if (ids == null) {
            return one(String.valueOf(id), all);
        }
        if (ids.size() > MOST_AT_ONCE) {
            throw new Asked.Refused(
                    "INVALID_ARGUMENTS",
                    "function_ids: " + ids.size() + " ids (expected: at most " + MOST_AT_ONCE + ")");
        }
        return Tree.object().set("functions", Tree.array(ids, each -> oneOrNone(each, all)));
    }

    private JsonNode one(String id, Whole all) {
        Directory.Entry found = directory.find(id);
        if (found == null) {
            throw Asked.Refused.notFound("Function", id);
        }
        return detail(found, all);
    }

    private JsonNode oneOrNone(String id, Whole all) {
        Directory.Entry found = directory.find(id);
        return found == null ? Tree.object().put("function_id", id).put("error", "not_found") : detail(found, all);
    }

    /** {@code {"function_id","namespace","worker_name",…,"registered_triggers":[{"id","trigger_type","config"}]}}. */
    ObjectNode detail(Directory.Entry entry, Whole all) {
        ObjectNode detail = entry.summary();
        Tree.put(detail, "request_schema", entry.description().requestFormat());
        Tree.put(detail, "response_schema", entry.description().responseFormat());
        List<Binding> its = all.triggers().stream()
                .filter(binding -> binding.functionId().equals(entry.id()))
                .toList();
        detail.set("registered_triggers", Tree.array(its, FunctionListings::trigger));
        return detail;
    }

    private static JsonNode trigger(Binding binding) {
        ObjectNode trigger = Tree.object().put("id", binding.id()).put("trigger_type", binding.type());
        Tree.put(trigger, "config", binding.config());
        return trigger;
    }
}
