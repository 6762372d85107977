package io.millrace.engine.surface;

import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.MalformedRequestException;
import io.millrace.engine.worker.Worker;
import io.millrace.engine.worker.WorkerInfo;
import io.millrace.engine.worker.Workers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code engine::workers::*}: who is connected. Our own functions are listed as workers of this process, too.
 *
 * @param since when this process began
 */
record WorkerListings(Directory directory, TriggerListings triggers, Workers workers, Whole.Of whole, Instant since) {
    private static final String NAME = "name";

    List<LocalFunction> all() {
        return List.of(
                Asked.now(
                        "engine::workers::register",
                        "Tells who the calling worker is.",
                        this::register,
                        "name?",
                        "description?",
                        "version?",
                        "runtime?",
                        "os?",
                        "pid?:integer",
                        "isolation?",
                        "telemetry?:object"),
                whole.function("engine::workers::list", "Lists workers.", this::list, "search?", "runtime?", "status?"),
                whole.function("engine::workers::info", "Describes one worker.", this::info, NAME));
    }

    private JsonNode register(Arguments arguments) {
        String calling = arguments.context().callerWorkerId();
        String id = calling == null ? arguments.text("_caller_worker_id") : calling;
        String namespace = arguments.optionalText("namespace");
        if (namespace != null && namespace.isBlank()) {
            throw new Asked.Refused("INVALID_NAMESPACE", "namespace must not be blank");
        }
        Worker worker = workers.worker(id);
        if (worker == null) {
            throw Asked.Refused.notFound("Worker", id);
        }
        worker.announce(said(arguments));
        return Tree.object().put("success", true);
    }

    private static WorkerInfo said(Arguments arguments) {
        return new WorkerInfo(
                leniently(arguments, NAME),
                leniently(arguments, "description"),
                leniently(arguments, "version"),
                leniently(arguments, "runtime"),
                leniently(arguments, "os"),
                pid(arguments),
                leniently(arguments, "isolation"),
                arguments.optionalValue("telemetry"));
    }

    /** What a worker says about itself is for people: it is no reason to refuse the worker. */
    private static @Nullable String leniently(Arguments arguments, String field) {
        try {
            return arguments.optionalText(field);
        } catch (MalformedRequestException e) {
            return null;
        }
    }

    private static @Nullable Long pid(Arguments arguments) {
        try {
            long pid = arguments.number("pid", -1, -1, Long.MAX_VALUE);
            return pid < 0 ? null : pid;
        } catch (MalformedRequestException e) {
            return null;
        }
    }

    /** A worker as listed: one that is connected, or functions of ours. */
    private record Listed(
            String id, WorkerInfo info, @Nullable WorkerSeen connected, int functions) {
        String order() {
            return info.name() == null ? "" : info.name();
        }
    }

    private List<Listed> known(Whole all) {
        List<Listed> known = new ArrayList<>();
        Map<String, Integer> ours = new TreeMap<>();
        for (String id : directory.functions().ids()) {
            if (directory.functions().isLocal(id)) {
                ours.merge(Directory.beforeColons(id), 1, Integer::sum);
            }
        }
        ours.forEach((name, count) -> known.add(new Listed(
                name, new WorkerInfo(name, null, null, "engine", null, null, "in-process", null), null, count)));
        for (WorkerSeen worker : all.workers()) {
            known.add(new Listed(worker.id(), worker.info(), worker, worker.functions()));
        }
        known.sort(Comparator.comparing(Listed::order).thenComparing(Listed::id));
        return known;
    }

    private JsonNode list(Arguments arguments, Whole all) {
        Search search = Search.of(arguments);
        String runtime = arguments.optionalText("runtime");
        String status = arguments.optionalText("status");
        List<Listed> found = known(all).stream()
                .filter(worker -> worker.connected() == null || worker.info().pid() != null)
                .filter(worker -> search.has(worker.id())
                        || search.has(worker.info().name())
                        || search.has(worker.info().description()))
                .filter(worker ->
                        runtime == null || runtime.equals(worker.info().runtime()))
                .filter(worker -> status == null || status.equals(status(worker)))
                .toList();
        return Tree.object().set("workers", Tree.array(found, this::summary));
    }

    private static String status(Listed worker) {
        return worker.connected() == null ? "available" : "connected";
    }

    private ObjectNode summary(Listed listed) {
        WorkerInfo info = listed.info();
        WorkerSeen worker = listed.connected();
        Instant began = worker == null ? since : worker.connectedAt();
        return Tree.object()
                .put(NAME, info.name())
                .put("description", info.description())
                .put("version", info.version())
                .put("id", listed.id())
                .put("namespace", Directory.NAMESPACE)
                .put("runtime", info.runtime())
                .put("os", info.os())
                .put("status", status(listed))
                .put("function_count", listed.functions())
                .put("connected_at_ms", began.toEpochMilli())
                .put("active_invocations", worker == null ? 0 : worker.inFlight())
                .put("isolation", info.isolation())
                .put("ip_address", worker == null ? null : worker.address());
    }

    private JsonNode info(Arguments arguments, Whole all) {
        String name = arguments.text(NAME);
        // Of several with one name, the one that came last: the others may be dead and not know it yet.
        Listed found = known(all).stream()
                .filter(worker -> name.equals(worker.info().name()))
                .max(Comparator.comparing(worker -> worker.connected() == null
                        ? Instant.MIN
                        : worker.connected().connectedAt()))
                .orElseThrow(() -> Asked.Refused.notFound("Worker", name));
        ObjectNode worker = summary(found);
        Long pid = found.info().pid();
        if (pid != null) {
            worker.put("pid", pid);
        }
        worker.put("internal", found.connected() == null);
        Search its = new Search(null, null, List.of(found.id()), true);
        ObjectNode info = Tree.object();
        info.set("worker", worker);
        info.set("functions", Tree.array(directory.search(its), Directory.Entry::summary));
        info.set("trigger_types", Tree.array(triggers.typesOf(its), triggers::summary));
        info.set("registered_triggers", Tree.array(triggers.bindingsOf(its, all), triggers::summary));
        return info;
    }
}
