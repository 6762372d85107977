package io.millrace.node.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.port.CronSchedules;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionsTest {
    /** A Thursday. */
    private static final Instant NOW = Instant.parse("2026-01-01T10:20:30.5Z");

    private final CronExpressions expressions = new CronExpressions();

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "* * * * * *,        2026-01-01T10:20:31Z",
        "*/5 * * * * *,      2026-01-01T10:20:35Z",
        "0 * * * * *,        2026-01-01T10:21:00Z",
        "0 0 9-17/2 * * *,   2026-01-01T11:00:00Z",
        "0 30 8 * * MON-FRI, 2026-01-02T08:30:00Z",
        "0 0 0 * * 1,        2026-01-04T00:00:00Z",
        "0 0 0 * * SUN,      2026-01-04T00:00:00Z",
        "0 0 0 * * 7,        2026-01-03T00:00:00Z",
        "0 0 0 13 * 6,       2026-02-13T00:00:00Z",
        "0 0 0 ? * 2,        2026-01-05T00:00:00Z",
        "0 0 0 1 JAN * 2030, 2030-01-01T00:00:00Z",
        "0 0 0 29 2 *,       2028-02-29T00:00:00Z",
        "@yearly,            2027-01-01T00:00:00Z",
        "@monthly,           2026-02-01T00:00:00Z",
        "@weekly,            2026-01-04T00:00:00Z",
        "@daily,             2026-01-02T00:00:00Z",
        "@hourly,            2026-01-01T11:00:00Z"
    })
    void anExpressionIsDueNext(String expression, Instant next) {
        assertThat(expressions.read(expression).after(NOW)).contains(next);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "x",
                "* * * * *",
                "60 * * * * *",
                "0 0 0 * * 0",
                "0 0 0 * * 8",
                "0 0 24 * * *",
                "@never",
                "* * * * * * * *"
            })
    void whatIsNoExpressionIsRefused(String expression) {
        assertThatThrownBy(() -> expressions.read(expression)).isInstanceOf(CronSchedules.MalformedException.class);
    }

    @Test
    void whatIsOverIsNeverDueAgain() {
        assertThat(expressions.read("0 0 0 1 1 * 2020").after(NOW)).isEmpty();
    }
}
