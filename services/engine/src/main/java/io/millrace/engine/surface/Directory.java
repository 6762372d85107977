package io.millrace.engine.surface;

import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Remote;
import io.millrace.engine.worker.Worker;
import io.millrace.engine.worker.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** All functions as they are listed: each once, however many workers serve it. */
record Directory(Invoker functions, Workers workers, Elsewhere elsewhere) {
    static final String NAMESPACE = "default";

    /**
     * A function.
     *
     * @param workerIds who serve it; empty if it is one of this process
     */
    record Entry(FunctionDescription description, String workerName, List<String> workerIds) {
        String id() {
            return description.id();
        }

        boolean isInternal() {
            boolean ours = id().startsWith("engine::") && !id().startsWith("engine::queue::");
            return ours || description.isInternal();
        }

        /** {@code {"function_id","namespace","worker_name","description"?,"metadata"?}}. */
        ObjectNode summary() {
            ObjectNode summary = Tree.object()
                    .put("function_id", id())
                    .put("namespace", NAMESPACE)
                    .put("worker_name", workerName);
            Tree.put(summary, "description", description.description());
            Tree.put(summary, "metadata", description.metadata());
            return summary;
        }
    }

    /** Every function that is wanted, by id. */
    List<Entry> search(Search search) {
        List<Entry> found = new ArrayList<>();
        for (String id : functions.ids()) {
            Entry entry = find(id);
            if (entry != null
                    && (search.internal() || !entry.isInternal())
                    && search.fits(id, entry.description().description())
                    && search.wantsWorker(entry.workerName(), entry.workerIds())) {
                found.add(entry);
            }
        }
        return found;
    }

    @Nullable
    Entry find(String id) {
        LocalFunction local = functions.local(id);
        if (local != null) {
            return new Entry(local.description(), beforeColons(id), List.of());
        }
        List<Invoker.Service> services = functions.services(id);
        if (services.isEmpty()) {
            return null;
        }
        Invoker.Service first = services.getFirst();
        return new Entry(
                first.description(),
                nameOr(first.provider().workerId(), beforeColons(id)),
                services.stream().flatMap(Directory::workerIds).toList());
    }

    private static Stream<String> workerIds(Invoker.Service service) {
        return service.provider() instanceof Remote remote
                ? remote.workerIds().stream()
                : Stream.of(service.provider().workerId());
    }

    /** What the worker calls itself, wherever it is connected. */
    String nameOr(@Nullable String workerId, String unnamed) {
        if (workerId == null) {
            return unnamed;
        }
        Worker worker = workers.worker(workerId);
        String name =
                worker == null ? elsewhere.workerName(workerId) : worker.info().name();
        return name == null ? unnamed : name;
    }

    /** Whom an id belongs to that nobody else claims: {@code state} of {@code state::set}. */
    static String beforeColons(String id) {
        int colons = id.indexOf("::");
        return colons < 0 ? id : id.substring(0, colons);
    }
}
