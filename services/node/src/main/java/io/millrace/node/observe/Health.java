package io.millrace.node.observe;

import io.millrace.core.value.Json;
import io.millrace.web.admin.Condition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether the process should be left alone (live) and whether it can serve (ready). Asked over HTTP, so it only looks at
 * what is known already.
 */
public final class Health {
    private static final int ALARMS_KEPT = 20;

    private final Map<String, Supplier<Check>> checks = new LinkedHashMap<>();
    private final List<String> alarms = new ArrayList<>();
    private boolean fatal;

    /**
     * What one check found.
     *
     * @param detail one phrase
     */
    public record Check(boolean passed, String detail) {}

    /** Adds a check that must pass for the node to be ready. To be called before anybody asks. */
    public void readyWhen(String name, Supplier<Check> check) {
        checks.put(name, check);
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

    /** Passes when everything there is can be served. */
    public Condition ready() {
        boolean ready = live().good();
        ObjectNode found = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, Supplier<Check>> check : checks.entrySet()) {
            Check result = check.getValue().get();
            ready &= result.passed();
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
}
