package io.millrace.engine.surface;

import io.millrace.core.value.Json;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Triggers;
import io.millrace.engine.worker.Workers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/** All workers and triggers that are to be listed, of this node and of all others that have answered. */
record Whole(List<WorkerSeen> workers, List<Binding> triggers) {
    /** What makes a whole of the parts. */
    record Of(Workers workers, Triggers triggers, Elsewhere elsewhere) {
        /** A function that answers from the whole, see {@link Asked#now}. */
        LocalFunction function(
                String id, String description, BiFunction<Arguments, Whole, JsonNode> answer, String... fields) {
            return Asked.later(
                    id,
                    description,
                    arguments -> elsewhere
                            .parts(arguments.deadline())
                            .thenApply(parts -> Asked.outcome(
                                    id, () -> new Outcome.Result(Json.of(answer.apply(arguments, whole(parts)))))),
                    fields);
        }

        private Whole whole(List<Elsewhere.Part> parts) {
            List<WorkerSeen> seen =
                    new ArrayList<>(workers.all().stream().map(WorkerSeen::of).toList());
            List<Binding> bound = new ArrayList<>(triggers.bindings());
            // One that has just moved is at both for a moment.
            Set<String> ids = new HashSet<>(bound.stream().map(Binding::id).toList());
            for (Elsewhere.Part part : parts) {
                seen.addAll(part.workers());
                part.triggers().stream()
                        .filter(binding -> ids.add(binding.id()))
                        .forEach(bound::add);
            }
            return new Whole(seen, bound);
        }
    }

    /** How many triggers are of a type. */
    long triggersOf(String typeId) {
        return triggers.stream()
                .filter(binding -> binding.type().equals(typeId))
                .count();
    }
}
