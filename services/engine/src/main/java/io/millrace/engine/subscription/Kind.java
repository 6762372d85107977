package io.millrace.engine.subscription;

import java.util.Set;

/** What a trigger watches. */
enum Kind {
    /** Changes of state. */
    STATE("state", "State trigger"),
    /** Changes of streams, and events that were sent to them. */
    STREAM("stream", "Stream trigger");

    private final String id;
    private final String description;

    Kind(String id, String description) {
        this.id = id;
        this.description = description;
    }

    String id() {
        return id;
    }

    String description() {
        return description;
    }

    /** Without the prefix that all of ours have. */
    Set<String> topics() {
        return switch (this) {
            case STATE -> Set.of("state.changes");
            case STREAM -> Set.of("stream.changes", "stream.events");
        };
    }
}
