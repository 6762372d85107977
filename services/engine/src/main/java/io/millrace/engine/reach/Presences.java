package io.millrace.engine.reach;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** Those who want to know which workers of other nodes come and go. */
final class Presences {
    private final List<BiConsumer<String, String>> listeners = new CopyOnWriteArrayList<>();

    void add(BiConsumer<String, String> listener) {
        listeners.add(listener);
    }

    void tell(String event, String workerId) {
        listeners.forEach(listener -> listener.accept(event, workerId));
    }
}
