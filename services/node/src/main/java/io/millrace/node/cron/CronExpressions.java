package io.millrace.node.cron;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.millrace.engine.port.CronSchedules;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** Cron expressions as cron-utils reads them, in the form that clients know: seconds first, days of the week from Sunday, 1. */
public final class CronExpressions implements CronSchedules {
    private static final Map<String, String> MACROS = Map.of(
            "@yearly", "0 0 0 1 1 *",
            "@annually", "0 0 0 1 1 *",
            "@monthly", "0 0 0 1 * *",
            "@weekly", "0 0 0 * * 1",
            "@daily", "0 0 0 * * *",
            "@midnight", "0 0 0 * * *",
            "@hourly", "0 0 * * * *");

    /** A day has to be right in both the month and the week, and either may be left open with a star. */
    private static final CronDefinition DEFINITION = CronDefinitionBuilder.defineCron()
            .withSeconds()
            .withValidRange(0, 59)
            .and()
            .withMinutes()
            .withValidRange(0, 59)
            .and()
            .withHours()
            .withValidRange(0, 23)
            .and()
            .withDayOfMonth()
            .withValidRange(1, 31)
            .supportsQuestionMark()
            .and()
            .withMonth()
            .withValidRange(1, 12)
            .and()
            .withDayOfWeek()
            .withValidRange(1, 7)
            .withMondayDoWValue(2)
            .supportsQuestionMark()
            .and()
            .withYear()
            .withValidRange(1970, 2100)
            .optional()
            .and()
            .matchDayOfWeekAndDayOfMonth()
            .instance();

    @Override
    public Schedule read(String expression) {
        String spelled = MACROS.getOrDefault(expression.strip(), expression);
        try {
            ExecutionTime times = ExecutionTime.forCron(new CronParser(DEFINITION).parse(spelled));
            return moment -> times.nextExecution(
                            // It knows no parts of a second, and would carry them along.
                            ZonedDateTime.ofInstant(moment.truncatedTo(ChronoUnit.SECONDS), ZoneOffset.UTC))
                    .map(ZonedDateTime::toInstant)
                    .filter(next -> next.isAfter(moment));
        } catch (IllegalArgumentException e) {
            throw new MalformedException(String.valueOf(e.getMessage()));
        }
    }
}
