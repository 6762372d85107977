package io.millrace.engine.reach;

import io.millrace.core.value.JsonText;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.Poll;
import io.millrace.engine.surface.Elsewhere;
import io.millrace.engine.surface.WorkerSeen;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.worker.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Lists what this node has for others, {@code {"workers":[…],"triggers":[…]}}, and what they have for this one. */
final class Listings implements Elsewhere {
    private static final String LISTING = "listing";
    private static final byte[] EVERYTHING = new JsonText().raw("{}").bytes();
    /** A listing without one node is better than none. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Reach.Means means;
    private final Map<Peer, Neighbour> neighbours;
    private final Presences presences;

    Listings(Reach.Means means, Map<Peer, Neighbour> neighbours, Presences presences) {
        this.means = means;
        this.neighbours = neighbours;
        this.presences = presences;
        means.peers().answer(LISTING, (from, body, deadline) -> list());
    }

    private CompletionStage<byte[]> list() {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        means.executor().execute(() -> answer.complete(text()));
        return answer;
    }

    private byte[] text() {
        JsonText text = new JsonText(4_096).raw("{\"workers\":[");
        String separator = "";
        for (WorkerSeen worker :
                means.workers().all().stream().map(WorkerSeen::of).toList()) {
            put(text.raw(separator), worker);
            separator = ",";
        }
        text.raw("],\"triggers\":[");
        separator = "";
        for (Binding binding : means.triggers().bindings()) {
            Entry.put(text.raw(separator).raw("{\"id\":").quoted(binding.id()), binding);
            text.raw("}");
            separator = ",";
        }
        return text.raw("]}").taken();
    }

    private static void put(JsonText text, WorkerSeen worker) {
        WorkerInfo info = worker.info();
        text.raw("{\"id\":").quoted(worker.id());
        Entry.put(text, ",\"name\":", info.name());
        Entry.put(text, ",\"description\":", info.description());
        Entry.put(text, ",\"version\":", info.version());
        Entry.put(text, ",\"runtime\":", info.runtime());
        Entry.put(text, ",\"os\":", info.os());
        if (info.pid() != null) {
            text.raw(",\"pid\":").number(info.pid());
        }
        Entry.put(text, ",\"isolation\":", info.isolation());
        Entry.put(text, ",\"telemetry\":", info.telemetry());
        Entry.put(text, ",\"address\":", worker.address());
        text.raw(",\"connected\":").number(worker.connectedAt().toEpochMilli());
        text.raw(",\"functions\":").number(worker.functions());
        text.raw(",\"calls\":").number(worker.inFlight()).raw("}");
    }

    private static WorkerSeen worker(JsonNode said) {
        JsonNode pid = said.path("pid");
        return new WorkerSeen(
                Entry.id(said),
                new WorkerInfo(
                        Entry.text(said, "name"),
                        Entry.text(said, "description"),
                        Entry.text(said, "version"),
                        Entry.text(said, "runtime"),
                        Entry.text(said, "os"),
                        pid.isIntegralNumber() ? pid.asLong() : null,
                        Entry.text(said, "isolation"),
                        Entry.json(said, "telemetry")),
                Instant.ofEpochMilli(said.path("connected").asLong(0)),
                Entry.text(said, "address"),
                said.path("functions").asInt(0),
                said.path("calls").asInt(0));
    }

    @Override
    public @Nullable String workerName(String workerId) {
        for (Neighbour neighbour : neighbours.values()) {
            String name = neighbour.workerName(workerId);
            if (name != null) {
                return name;
            }
        }
        return null;
    }

    @Override
    public CompletionStage<List<Part>> parts(Instant deadline) {
        Instant soon = means.clock().instant().plus(PATIENCE);
        return new Poll(means.peers())
                .ask(LISTING, EVERYTHING, deadline.isBefore(soon) ? deadline : soon)
                .thenApply(
                        answers -> answers.given().stream().map(Listings::part).toList());
    }

    private static Part part(Poll.Answer answer) {
        JsonNode said = answer.said().tree();
        List<WorkerSeen> workers = new ArrayList<>();
        said.path("workers").forEach(worker -> workers.add(worker(worker)));
        List<Binding> triggers = new ArrayList<>();
        for (JsonNode trigger : said.path("triggers")) {
            Binding binding = Entry.binding(trigger, answer.from().node());
            if (binding != null) {
                triggers.add(binding);
            }
        }
        return new Part(List.copyOf(workers), List.copyOf(triggers));
    }

    @Override
    public void watch(BiConsumer<String, String> told) {
        presences.add(told);
    }
}
