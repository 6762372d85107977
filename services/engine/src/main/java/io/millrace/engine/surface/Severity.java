package io.millrace.engine.surface;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How important a log record is, in the five steps that everybody knows. */
public enum Severity {
    /** OpenTelemetry's numbers 1 to 4. */
    TRACE(1),
    /** 5 to 8. */
    DEBUG(5),
    /** 9 to 12. */
    INFO(9),
    /** 13 to 16. */
    WARN(13),
    /** 17 and more. */
    ERROR(17);

    private final int number;

    Severity(int number) {
        this.number = number;
    }

    /** The first of OpenTelemetry's numbers for it. */
    public int number() {
        return number;
    }

    /** In lower case, as configs name it. */
    public String level() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one that a text names or, if it names none, that a number of OpenTelemetry stands for; 0 is info. */
    public static Severity of(String text, int number) {
        Severity named = named(text);
        if (named != null) {
            return named;
        }
        Severity found = number < TRACE.number ? INFO : TRACE;
        for (Severity severity : values()) {
            found = number >= severity.number ? severity : found;
        }
        return found;
    }

    static @Nullable Severity named(String text) {
        for (Severity severity : values()) {
            if (severity.name().equalsIgnoreCase(text)) {
                return severity;
            }
        }
        return null;
    }
}
