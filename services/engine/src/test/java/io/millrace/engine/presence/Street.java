package io.millrace.engine.presence;

import io.millrace.core.value.Json;
import io.millrace.engine.ManualTime;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.gate.GateConfig;
import io.millrace.engine.gate.GateEvents;
import io.millrace.engine.gate.Gatekeeper;
import io.millrace.engine.gate.Visit;
import io.millrace.engine.peer.MemoryPeers;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Triggers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Several nodes that die and come back, the log they share, and one function that is told of leaves wherever it is bound. */
final class Street {
    final ManualTime time = new ManualTime(House.NOW);
    final MemoryPeers links = new MemoryPeers(time);
    final MemoryPresenceLog log = new MemoryPresenceLog(time, () -> false);
    /** What the function was called with. */
    final List<String> told = new ArrayList<>();

    boolean failing;
    /** Whether nodes that are there are known to be. */
    boolean blind;

    private final Map<String, Site> sites = new TreeMap<>();

    Street(String... nodes) {
        links.immediate();
        for (String node : nodes) {
            begin(node);
        }
    }

    /** One life of a node. */
    final class Site {
        final Presence presence;
        private final String node;
        private final long startMs;
        private final Triggers triggers = new Triggers();
        private final Invoker functions = new Invoker();
        private boolean over;

        Site(String node) {
            this.node = node;
            this.startMs = time.instant().toEpochMilli();
            Scheduler mine = (delay, task) -> time.after(delay, () -> {
                if (!over) {
                    task.run();
                }
            });
            Gatekeeper gate = new Gatekeeper(GateConfig.defaults(), functions, time, mine, GateEvents.NONE);
            gate.types().forEach(triggers::provide);
            presence = new Presence(
                    new PresenceConfig(node, startMs, Duration.ofHours(24), 1 << 20),
                    new Means(
                            log,
                            gate,
                            time,
                            mine,
                            task -> {
                                if (!over) {
                                    task.run();
                                }
                            },
                            PresenceEvents.NONE),
                    links.restarted(node),
                    new Rest(node));
            functions.add(List.of(
                    presence.function(), new LocalFunction(FunctionDescription.of("f", "told"), invocation -> {
                        if (failing) {
                            return CompletableFuture.completedStage(new Outcome.Failure("oops", "oops"));
                        }
                        told.add(invocation.payload().toString());
                        return CompletableFuture.completedStage(new Outcome.NoResult());
                    })));
        }

        void bind() {
            triggers.register(new Binding("t", "stream:leave", "f", Json.ofText("{}"), null, "worker"));
        }

        void workerGone() {
            triggers.workerGone("worker");
        }

        void join(Visit visit) {
            presence.gate().joined(visit);
        }

        void leave(Visit visit) {
            presence.gate().left(visit);
        }

        JsonNode list(String request) {
            CompletableFuture<Outcome> asked = functions
                    .invoke(new Invocation(
                            "stream::subscribers",
                            Json.ofText(request),
                            time.instant().plusSeconds(30)))
                    .toCompletableFuture();
            if (!asked.isDone()) {
                pass(Duration.ofSeconds(3));
                links.expire();
            }
            return switch (asked.join()) {
                case Outcome.Result(Json value) -> value.tree();
                case Outcome.NoResult ignored -> throw new AssertionError("no result");
                case Outcome.Failure failure -> throw new AssertionError(failure);
            };
        }
    }

    private final class Rest implements Others {
        private final String node;

        Rest(String node) {
            this.node = node;
        }

        @Override
        public Collection<String> nodes() {
            Set<String> rest = new HashSet<>(sites.keySet());
            rest.remove(node);
            return rest;
        }

        @Override
        public boolean isThere(String other, long startMs) {
            Site site = sites.get(other);
            return !blind && site != null && site.startMs == startMs;
        }
    }

    Site at(String node) {
        Site site = sites.get(node);
        if (site == null) {
            throw new IllegalStateException("node: dead (expected: alive)");
        }
        return site;
    }

    @Nullable
    Site siteOrNull(String node) {
        return sites.get(node);
    }

    List<String> there() {
        return List.copyOf(sites.keySet());
    }

    /** Dies at once, as by kill -9. */
    Site die(String node) {
        Site site = at(node);
        site.over = true;
        sites.remove(node);
        links.restarted(node);
        return site;
    }

    /** Is started, a moment later than anything before. */
    Site begin(String node) {
        pass(Duration.ofMillis(10));
        Site site = new Site(node);
        sites.put(node, site);
        links.started(node, site.startMs);
        for (String other : sites.keySet()) {
            if (!other.equals(node)) {
                links.heal(node, other);
            }
        }
        site.presence.start();
        return site;
    }

    /** One node is told that another has died. */
    void noticed(String chosen, Site dead) {
        at(chosen).presence.nodeDied(dead.node, dead.startMs);
    }

    /** One node learns that another has not died. */
    void thereAgain(String chosen, Site alive) {
        at(chosen).presence.nodeIsThere(alive.node, alive.startMs);
    }

    void pass(Duration duration) {
        time.pass(duration);
    }

    /** Long enough for everything to be written. */
    void settle() {
        pass(Duration.ofSeconds(3));
    }

    static String told(Visit visit) {
        return visit.payload().toString();
    }
}
