package io.millrace.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Values that Kubernetes takes from a list, which its models hold as any text; and what names look like. */
final class Words {
    private static final Map<String, Set<String>> LISTS = Map.ofEntries(
            Map.entry("imagePullPolicy", Set.of("Always", "IfNotPresent", "Never")),
            Map.entry("podManagementPolicy", Set.of("Parallel", "OrderedReady")),
            Map.entry("protocol", Set.of("TCP", "UDP")),
            Map.entry("policyTypes", Set.of("Ingress", "Egress")),
            Map.entry("whenUnsatisfiable", Set.of("ScheduleAnyway", "DoNotSchedule")),
            Map.entry("accessModes", Set.of("ReadWriteOnce", "ReadWriteOncePod")),
            Map.entry("unhealthyPodEvictionPolicy", Set.of("AlwaysAllow", "IfHealthyBudget")),
            Map.entry("whenDeleted", Set.of("Delete", "Retain")),
            Map.entry("whenScaled", Set.of("Delete", "Retain")),
            Map.entry("fsGroupChangePolicy", Set.of("OnRootMismatch", "Always")),
            Map.entry("severity", Set.of("critical", "warning")),
            Map.entry("drop", Set.of("ALL")));

    /** By the field they are a {@code type} in. */
    private static final Map<String, Set<String>> TYPES = Map.of(
            "seccompProfile", Set.of("RuntimeDefault"),
            "updateStrategy", Set.of("RollingUpdate", "OnDelete"),
            "strategy", Set.of("RollingUpdate", "Recreate"),
            "metrics", Set.of("Resource"),
            "target", Set.of("Utilization", "AverageValue"),
            "policies", Set.of("Pods", "Percent"));

    /** As for names of hosts. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

    private Words() {}

    static List<String> problems(Manifest manifest) {
        List<String> problems = new ArrayList<>();
        if (!NAME.matcher(manifest.name()).matches()) {
            problems.add(manifest.origin() + ": metadata.name " + manifest.name() + " is no name");
        }
        look(manifest.tree().path("spec"), "spec", "", manifest.origin(), problems);
        return problems;
    }

    private static void look(JsonNode at, String field, String parent, String origin, List<String> problems) {
        if (at.isObject()) {
            at.properties().forEach(each -> look(each.getValue(), each.getKey(), field, origin, problems));
        } else if (at.isArray()) {
            // What is in a list is in the field the list is in.
            at.forEach(each -> look(each, field, parent, origin, problems));
        } else if (at.isTextual()) {
            Set<String> known = field.equals("type") ? TYPES.get(parent) : LISTS.get(field);
            if (known != null && !known.contains(at.asText())) {
                problems.add(origin + ": " + parent + "/" + field + ": " + at.asText() + " (expected: one of " + known
                        + ")");
            }
        }
    }
}
