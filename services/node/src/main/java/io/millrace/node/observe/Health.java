package io.millrace.node.observe;

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

    /**
     * The answer.
     *
     * @param details what it rests on
     */
    public record Report(boolean passed, ObjectNode details) {}

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
    public synchronized Report live() {
        ObjectNode details = JsonNodeFactory.instance.objectNode().put("status", fatal ? "down" : "up");
        alarms.forEach(details.putArray("alarms")::add);
        return new Report(!fatal, details);
    }

    /** Passes when everything there is can be served. */
    public Report ready() {
        Report live = live();
        boolean ready = live.passed();
        ObjectNode found = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, Supplier<Check>> check : checks.entrySet()) {
            Check result = check.getValue().get();
            ready &= result.passed();
            found.putObject(check.getKey()).put("ok", result.passed()).put("detail", result.detail());
        }
        ObjectNode details = live.details().put("status", ready ? "up" : "down");
        details.set("checks", found);
        return new Report(ready, details);
    }
}
