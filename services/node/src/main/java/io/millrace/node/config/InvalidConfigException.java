package io.millrace.node.config;

import java.util.List;

/** The configuration cannot be used. The fault of whoever wrote it, so no stack trace is worth printing. */
public final class InvalidConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /** All that is wrong, a sentence each. */
    public InvalidConfigException(List<String> problems) {
        super(String.join("; ", problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** One sentence for each thing that is wrong. */
    public List<String> problems() {
        return problems;
    }
}
