package io.millrace.engine.surface;

import io.millrace.core.value.Json;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.node.ObjectNode;

/**
 * Triggers of type {@code engine::functions-available}: the functions that are listed are others than before. Changes that
 * come close together are one.
 */
final class FunctionsAvailable implements TriggerType {
    /** A worker registers all its functions at once. */
    private static final Duration QUIET = Duration.ofMillis(100);

    private static final Search LISTED = new Search(null, null, List.of(), false);

    private final Audience audience;
    private final Directory directory;
    private final Scheduler scheduler;
    private final AtomicBoolean looksSoon = new AtomicBoolean();
    private List<String> known = List.of();

    FunctionsAvailable(Audience audience, Directory directory, Scheduler scheduler) {
        this.audience = audience;
        this.directory = directory;
        this.scheduler = scheduler;
    }

    void changed() {
        if (!audience.isEmpty() && looksSoon.compareAndSet(false, true)) {
            scheduler.after(QUIET, this::look);
        }
    }

    private void look() {
        looksSoon.set(false);
        List<Directory.Entry> listed = directory.search(LISTED);
        List<String> now = listed.stream().map(Directory.Entry::id).toList();
        synchronized (this) {
            if (now.equals(known)) {
                return;
            }
            known = now;
        }
        ObjectNode event = Tree.object().put("event", "functions_changed");
        event.set("functions", Tree.array(listed, Directory.Entry::summary));
        audience.call(Json.of(event));
    }

    @Override
    public synchronized CompletionStage<Void> bind(Binding binding) {
        boolean first = audience.isEmpty();
        audience.add(binding);
        if (first) {
            // Nobody has looked while there was nobody to tell.
            known = directory.search(LISTED).stream().map(Directory.Entry::id).toList();
        }
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void unbind(Binding binding, Ending ending) {
        audience.remove(binding);
    }

    @Override
    public String id() {
        return "engine::functions-available";
    }

    @Override
    public String description() {
        return "There are other functions than before.";
    }
}
