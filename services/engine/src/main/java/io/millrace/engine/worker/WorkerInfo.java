package io.millrace.engine.worker;

import io.millrace.core.value.Json;
import org.jspecify.annotations.Nullable;

/** What a worker says about itself when it has connected. All of it may be missing. */
public record WorkerInfo(
        @Nullable String name,
        @Nullable String description,
        @Nullable String version,
        @Nullable String runtime,
        @Nullable String os,
        @Nullable Long pid,
        @Nullable String isolation,
        @Nullable Json telemetry) {
    /** Nothing. */
    public static final WorkerInfo NONE = new WorkerInfo(null, null, null, null, null, null, null, null);
}
