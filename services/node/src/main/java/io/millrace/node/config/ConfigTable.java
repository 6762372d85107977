package io.millrace.node.config;

import java.util.ArrayList;
import java.util.List;

/** The settings as people see them. */
public final class ConfigTable {
    private ConfigTable() {}

    /**
     * One setting.
     *
     * @param value what it is now, secrets left out
     * @param origin where that comes from
     * @param expected its type, unit and bounds
     */
    public record Row(
            String name, String variable, String fallback, String value, String origin, String expected, String doc) {}

    /** Every setting with its value, also where that value is wrong. */
    public static List<Row> rows(Sources sources) {
        Values values = Values.of(sources);
        List<Row> rows = new ArrayList<>();
        for (Setting<?> setting : Settings.ALL) {
            Given given = values.given(setting);
            rows.add(new Row(
                    setting.name(),
                    setting.variable(),
                    setting.fallback(),
                    Redaction.of(setting.name(), given.text()),
                    given.origin(),
                    setting.kind().expected(),
                    setting.doc()));
        }
        values.client()
                .forEach((name, given) -> rows.add(new Row(
                        Settings.CLIENT_PREFIX + name,
                        Setting.variable(Settings.CLIENT_PREFIX + name),
                        "",
                        Redaction.of(name, given.text()),
                        given.origin(),
                        "what Kafka's clients take",
                        "Handed on to every Kafka client.")));
        values.queues()
                .forEach((name, given) -> rows.add(new Row(
                        name, "", "", given.text(), given.origin(), QueueTable.expected(name), "Of this queue only.")));
        return rows;
    }

    /** The table of docs/configuration.md. */
    public static String markdown() {
        StringBuilder table = new StringBuilder("| setting | default | takes | for |\n|---|---|---|---|\n");
        for (Setting<?> setting : Settings.ALL) {
            table.append("| `")
                    .append(setting.name())
                    .append("` | ")
                    .append(setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`")
                    .append(" | ")
                    .append(setting.kind().expected())
                    .append(" | ")
                    .append(setting.doc())
                    .append(" |\n");
        }
        return table.toString();
    }
}
