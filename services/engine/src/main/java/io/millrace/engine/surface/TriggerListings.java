package io.millrace.engine.surface;

import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerType;
import io.millrace.engine.trigger.Triggers;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code engine::triggers::*} for the types of triggers, {@code engine::registered-triggers::*} for those there are. */
record TriggerListings(Directory directory, FunctionListings functions, Triggers triggers, Whole.Of whole) {
    private static final int SUMMARY_CHARS = 80;
    private static final Set<String> STORES = Set.of("state", "stream");

    List<LocalFunction> all() {
        return List.of(
                Asked.now("engine::triggers::list", "Lists types of triggers.", this::types, Search.FIELDS),
                whole.function("engine::triggers::info", "Describes one type of trigger.", this::type, "id"),
                Asked.now(
                        "engine::trigger-types::list",
                        "Lists types of triggers, for older clients.",
                        this::oldTypes,
                        "include_internal?:boolean"),
                whole.function(
                        "engine::registered-triggers::list",
                        "Lists triggers.",
                        this::bindings,
                        "search?",
                        "trigger_type?",
                        "function_id?",
                        "worker?",
                        "include_internal?:boolean"),
                whole.function("engine::registered-triggers::info", "Describes one trigger.", this::binding, "id"));
    }

    private JsonNode types(Arguments arguments) {
        Search search = Search.of(arguments);
        List<TriggerType> found = matching(search);
        return Tree.object().set("triggers", Tree.array(found, this::summary));
    }

    private List<TriggerType> matching(Search search) {
        return typesOf(search).stream()
                .filter(type -> search.internal() || !type.id().startsWith("engine::"))
                .filter(type -> search.fits(type.id(), type.description()))
                .toList();
    }

    /** {@code {"id","namespace","worker_name","description"}}. */
    ObjectNode summary(TriggerType type) {
        return Tree.object()
                .put("id", type.id())
                .put("namespace", Directory.NAMESPACE)
                .put("worker_name", workerName(type))
                .put("description", type.description());
    }

    private JsonNode type(Arguments arguments, Whole all) {
        String id = arguments.text("id");
        TriggerType type = triggers.type(id);
        if (type == null) {
            throw Asked.Refused.notFound("Trigger", id);
        }
        return detail(type, all);
    }

    private ObjectNode detail(TriggerType type, Whole all) {
        ObjectNode detail = summary(type);
        Tree.put(detail, "configuration_schema", type.configFormat());
        Tree.put(detail, "request_schema", type.callFormat());
        return detail.put("instance_count", all.triggersOf(type.id()));
    }

    private JsonNode oldTypes(Arguments arguments) {
        return Tree.object()
                .set("trigger_types", Tree.array(matching(Search.of(arguments)), TriggerListings::oldSummary));
    }

    private static ObjectNode oldSummary(TriggerType type) {
        ObjectNode summary = Tree.object().put("id", type.id()).put("description", type.description());
        Tree.put(summary, "trigger_request_format", type.configFormat());
        Tree.put(summary, "call_request_format", type.callFormat());
        return summary;
    }

    private JsonNode bindings(Arguments arguments, Whole all) {
        Search search = Search.of(arguments);
        String type = arguments.optionalText("trigger_type");
        String functionId = arguments.optionalText("function_id");
        List<Binding> found = bindingsOf(search, all).stream()
                .filter(binding -> type == null || type.equals(binding.type()))
                .filter(binding -> functionId == null || functionId.equals(binding.functionId()))
                .filter(binding -> search.internal() || !isInternal(binding))
                .filter(binding ->
                        search.has(binding.id()) || search.has(binding.functionId()) || search.has(binding.type()))
                .toList();
        return Tree.object().set("registered_triggers", Tree.array(found, this::summary));
    }

    private boolean isInternal(Binding binding) {
        Directory.Entry function = directory.find(binding.functionId());
        return function == null ? binding.functionId().startsWith("engine::") : function.isInternal();
    }

    /** {@code {"id","trigger_type","function_id","worker_name","config","config_summary"}}. */
    ObjectNode summary(Binding binding) {
        String config = binding.config().toString();
        return described(binding)
                .put(
                        "config_summary",
                        config.codePointCount(0, config.length()) <= SUMMARY_CHARS
                                ? config
                                : config.substring(0, config.offsetByCodePoints(0, SUMMARY_CHARS)) + "…");
    }

    private ObjectNode described(Binding binding) {
        ObjectNode described = Tree.object()
                .put("id", binding.id())
                .put("trigger_type", binding.type())
                .put("function_id", binding.functionId())
                .put("worker_name", workerName(binding));
        Tree.put(described, "config", binding.config());
        return described;
    }

    private JsonNode binding(Arguments arguments, Whole all) {
        String id = arguments.text("id");
        Binding found = all.triggers().stream()
                .filter(binding -> binding.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Asked.Refused.notFound("Registered trigger", id));
        ObjectNode detail = described(found);
        Tree.put(detail, "metadata", found.metadata());
        TriggerType type = triggers.type(found.type());
        detail.set("trigger", type == null ? JsonNodeFactory.instance.nullNode() : detail(type, all));
        Directory.Entry function = directory.find(found.functionId());
        detail.set(
                "function", function == null ? JsonNodeFactory.instance.nullNode() : functions.detail(function, all));
        return detail;
    }

    private String workerName(Binding binding) {
        return directory.nameOr(binding.workerId(), Directory.beforeColons(binding.functionId()));
    }

    /** Types of ours belong to the functions they are about ({@code stream:join} to {@code stream}), or to the engine. */
    private String workerName(TriggerType type) {
        if (type.workerId() != null) {
            return directory.nameOr(type.workerId(), Directory.beforeColons(type.id()));
        }
        String name = type.id().split(":", 2)[0];
        return STORES.contains(name) ? name : "engine";
    }

    /** The types that a worker provides, or that belong to functions of ours. */
    List<TriggerType> typesOf(Search search) {
        return triggers.types().stream()
                .filter(type -> search.wantsWorker(workerName(type), ids(type.workerId())))
                .sorted(Comparator.comparing(TriggerType::id))
                .toList();
    }

    /** The triggers that a worker has registered, and those without a worker for functions of ours. */
    List<Binding> bindingsOf(Search search, Whole all) {
        return all.triggers().stream()
                .filter(binding -> search.wantsWorker(workerName(binding), ids(binding.workerId())))
                .toList();
    }

    private static List<String> ids(@Nullable String workerId) {
        return workerId == null ? List.of() : List.of(workerId);
    }
}
