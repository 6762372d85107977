package io.millrace.node.observe;

import io.millrace.core.value.Json;
import io.millrace.web.admin.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether the process should be left alone (live) and whether it can serve (ready). Asked over HTTP, so it only looks at
 * what is known already.
 */
public final class Health {
    private static final int ALARMS_KEPT = 20;

    private final LongSupplier nanos;
    private final Map<String, Watched> checks = new LinkedHashMap<>();
    private final List<String> alarms = new ArrayList<>();
    private boolean fatal;

    /**
     * What one check found.
     *
     * @param detail one phrase
     */
    public record Check(boolean passed, String detail) {}

    /** By a monotonic clock. */
    public Health(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Adds a check that must pass for the node to be ready. To be called before anybody asks. */
    public void readyWhen(String name, Supplier<Check> check) {
        readyWhen(name, Duration.ZERO, check);
    }

    /**
     * Adds a check that must pass once for the node to become ready, and may fail for a while later. Partitions that move
     * touch every node: if all said then that they are not ready, nobody would be left to call, though all can answer.
     *
     * @param patience how long, since somebody first saw it
     */
    public void readyWhen(String name, Duration patience, Supplier<Check> check) {
        checks.put(name, new Watched(check, patience));
    }

    /**
     * Remembers something a person has to look at.
     *
     * @param fatalNow whether only a restart helps
     */
    public synchronized void alarm(String sentence, boolean fatalNow) {
        if (alarms.size() == ALARMS_KEPT) {
            alarms.removeFirst();
        }
        alarms.add(sentence);
        fatal |= fatalNow;
    }

    /** Passes while a restart would not help. */
    public synchronized Condition live() {
        return new Condition(!fatal, Json.of(details(!fatal)));
    }

    /** Passes when everything there is can be served, but for what is being taken over. */
    public Condition ready() {
        boolean ready = live().good();
        ObjectNode found = JsonNodeFactory.instance.objectNode();
        long nowNs = nanos.getAsLong();
        for (Map.Entry<String, Watched> check : checks.entrySet()) {
            Check result = check.getValue().check.get();
            ready &= check.getValue().isGoodEnough(result.passed(), nowNs);
            found.putObject(check.getKey()).put("ok", result.passed()).put("detail", result.detail());
        }
        ObjectNode details = details(ready);
        details.set("checks", found);
        return new Condition(ready, Json.of(details));
    }

    private synchronized ObjectNode details(boolean good) {
        ObjectNode details = JsonNodeFactory.instance.objectNode().put("status", good ? "up" : "down");
        alarms.forEach(details.putArray("alarms")::add);
        return details;
    }

    /** A check, and since when it fails. */
    private static final class Watched {
        private final Supplier<Check> check;
        private final long patienceNs;
        private boolean hasPassed;
        private boolean fails;
        private long failsSinceNs;

        Watched(Supplier<Check> check, Duration patience) {
            this.check = check;
            this.patienceNs = patience.toNanos();
        }

        synchronized boolean isGoodEnough(boolean passes, long nowNs) {
            if (!passes && !fails) {
                failsSinceNs = nowNs;
            }
            fails = !passes;
            hasPassed |= passes;
            return passes || (hasPassed && nowNs - failsSinceNs < patienceNs);
        }
    }
}
