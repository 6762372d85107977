package io.millrace.node.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where settings may come from, the strongest first: options, environment, file. What none of them gives has its default.
 *
 * @param options settings given on the command line, by name
 * @param environment the process's variables; those that begin with {@code MILLRACE_} are ours
 * @param file the file asked for; none: {@code millrace.yaml} or {@code millrace.properties} in the folder, if there
 * @param folder where the process was started
 */
public record Sources(Map<String, String> options, Map<String, String> environment, Optional<Path> file, Path folder) {
    /** Copies the maps. */
    public Sources {
        options = Map.copyOf(options);
        environment = Map.copyOf(environment);
    }
}
