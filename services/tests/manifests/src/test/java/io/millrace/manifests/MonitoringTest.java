package io.millrace.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MonitoringTest {
    private static final Path FOLDER = Checkout.manifests().resolve("components/monitoring");

    /** What is asked of a meter: {@code name{label="text",…}}. */
    private static final Pattern METER =
            Pattern.compile("\\b((?:millrace|jvm|process|kubelet)_[a-z_]+|up)\\b(?:\\{([^}]*)})?");

    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*=~?");
    private static final Pattern BY = Pattern.compile("\\b(?:by|on) \\(([^)]*)\\)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\| ([^|]*) \\|");

    /** What Prometheus adds, and what a histogram has. */
    private static final Set<String> LABELS_OF_ALL = Set.of("namespace", "pod", "job", "le");

    /** Of others, with their labels. */
    private static final Map<String, Set<String>> OTHERS = Map.of(
            "up", Set.of(),
            "jvm_memory_used_bytes", Set.of("area"),
            "jvm_memory_max_bytes", Set.of("area"),
            "jvm_gc_pause_seconds_sum", Set.of(),
            "process_cpu_usage", Set.of(),
            "process_start_time_seconds", Set.of(),
            "kubelet_volume_stats_available_bytes", Set.of("persistentvolumeclaim"),
            "kubelet_volume_stats_capacity_bytes", Set.of("persistentvolumeclaim"));

    /** Of each subscription, from its first delivery on; docs/metrics.md tells of them before the table. */
    private static final Set<String> OF_SUBSCRIPTIONS = Set.of("kind", "subscription");

    @Test
    void everyMeterThatIsAskedForIsThereWithItsLabels() {
        List<String> expressions = expressions();
        assertThat(expressions).hasSizeGreaterThan(40);
        assertThat(expressions.stream().flatMap(each -> strange(each).stream())).isEmpty();
    }

    @Test
    void aMisspelledMeterOrLabelIsFound() {
        assertThat(strange("sum(millrace_partition_owned)")).hasSize(1);
        assertThat(strange("rate(millrace_http_answers_total{state=\"5xx\"}[5m])"))
                .hasSize(1);
        assertThat(strange("rate(millrace_commit_mutations_bucket[5m])")).hasSize(1);
        assertThat(strange("sum by (kinds) (millrace_delivery_lag)")).hasSize(1);
        assertThat(strange("sum((millrace_delivery_lag)")).hasSize(1);
    }

    @Test
    void everyAlertIsExplained() {
        String guide = Checkout.text("docs/operations.md");
        List<String> alerts =
                rules().stream().map(rule -> rule.path("alert").asText()).toList();
        assertThat(alerts).doesNotHaveDuplicates().allMatch(alert -> guide.contains("| `" + alert + "` |"));
        assertThat(rules()).allMatch(rule -> rule.path("annotations").has("summary"));
    }

    @Test
    void panelsHaveNumbersAndPlacesOfTheirOwn() throws Exception {
        JsonNode dashboard = dashboard();
        List<String> ids = new ArrayList<>();
        List<String> places = new ArrayList<>();
        dashboard.path("panels").forEach(panel -> {
            ids.add(panel.path("id").asText());
            places.add(panel.path("gridPos").path("x") + " "
                    + panel.path("gridPos").path("y"));
        });
        assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
        assertThat(places).doesNotHaveDuplicates();
    }

    private static List<String> strange(String expression) {
        List<String> strange = new ArrayList<>();
        Map<String, Set<String>> known = known();
        Set<String> labels = new HashSet<>(LABELS_OF_ALL);
        Matcher meters = METER.matcher(expression);
        while (meters.find()) {
            Set<String> tags = known.get(meters.group(1));
            if (tags == null) {
                strange.add(expression + ": " + meters.group(1) + " is no meter");
                continue;
            }
            labels.addAll(tags);
            String asked = meters.group(2) == null ? "" : meters.group(2);
            for (MatchResult label : LABEL.matcher(asked).results().toList()) {
                if (!tags.contains(label.group(1)) && !LABELS_OF_ALL.contains(label.group(1))) {
                    strange.add(expression + ": " + meters.group(1) + " has no label " + label.group(1));
                }
            }
        }
        for (MatchResult by : BY.matcher(expression).results().toList()) {
            for (String label : by.group(1).split(",\\s*", -1)) {
                if (!labels.contains(label) && strange.isEmpty()) {
                    strange.add(expression + ": no meter in it has a label " + label);
                }
            }
        }
        if (count(expression, '(') != count(expression, ')') || count(expression, '{') != count(expression, '}')) {
            strange.add(expression + ": brackets do not match");
        }
        return strange;
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(c -> c == wanted).count();
    }

    /** Every series by its name, with its labels. */
    private static Map<String, Set<String>> known() {
        String document = Checkout.text("docs/metrics.md");
        Map<String, Set<String>> known = new HashMap<>(OTHERS);
        for (MatchResult row : ROW.matcher(document).results().toList()) {
            Set<String> tags = Set.of(row.group(3).strip().split(",\\s*", -1));
            switch (row.group(2)) {
                case "histogram" -> {
                    for (String part : List.of("_bucket", "_sum", "_count")) {
                        known.put(row.group(1) + part, tags);
                    }
                }
                case "summary" -> {
                    for (String part : List.of("_sum", "_count", "_max")) {
                        known.put(row.group(1) + part, tags);
                    }
                }
                default -> known.put(row.group(1), tags);
            }
        }
        Pattern.compile("`(millrace_subscription_\\w+)`")
                .matcher(document)
                .results()
                .forEach(each -> known.put(each.group(1), OF_SUBSCRIPTIONS));
        return known;
    }

    private static List<String> expressions() {
        List<String> expressions = new ArrayList<>();
        rules().forEach(rule -> expressions.add(rule.path("expr").asText()));
        dashboard()
                .path("panels")
                .forEach(panel -> panel.path("targets")
                        .forEach(target -> expressions.add(target.path("expr").asText())));
        return expressions;
    }

    private static List<JsonNode> rules() {
        List<JsonNode> rules = new ArrayList<>();
        Manifest.in(FOLDER.resolve("rules.yaml"))
                .getFirst()
                .tree()
                .path("spec")
                .path("groups")
                .forEach(group -> group.path("rules").forEach(rules::add));
        return rules;
    }

    private static JsonNode dashboard() {
        try {
            return new ObjectMapper().readTree(Checkout.text(FOLDER.resolve("dashboards/millrace.json")));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("the dashboard is no JSON", e);
        }
    }
}
