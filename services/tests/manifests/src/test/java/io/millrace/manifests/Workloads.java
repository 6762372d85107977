package io.millrace.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.config.NodeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Whether resources fit each other and the node they run. Each check gives what is wrong. */
record Workloads(List<Manifest> resources) {
    private static final Set<String> PROBED = Set.of("/health/live", "/health/ready");
    private static final Set<Integer> NAME_SERVER = Set.of(53);

    Stream<Manifest> workloads() {
        return resources.stream().filter(Manifest::isWorkload);
    }

    private Stream<Manifest> ofKind(String kind) {
        return resources.stream().filter(each -> each.kind().equals(kind));
    }

    Manifest named(String kind, String name) {
        return ofKind(kind)
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(kind + " " + name + ": not there"));
    }

    /** Every port of a container is one the node listens on under that name, and every probe asks at one of them. */
    List<String> wrongPorts(Manifest workload, NodeConfig config) {
        List<String> problems = new ArrayList<>();
        Map<String, Integer> ours = Settings.ports(config);
        Map<String, Integer> given = ports(workload);
        given.forEach((name, port) -> {
            if (!port.equals(ours.get(name))) {
                problems.add(workload.origin() + ": port " + name + " " + port + " (expected: one of " + ours + ")");
            }
        });
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            JsonNode get = workload.container().path(probe).path("httpGet");
            if (!get.path("port").asText().equals("health") || !given.containsKey("health")) {
                problems.add(workload.origin() + ": " + probe + " asks at " + get.path("port")
                        + " (expected: the port health)");
            }
            if (!PROBED.contains(get.path("path").asText())) {
                problems.add(workload.origin() + ": " + probe + " asks for " + get.path("path") + " (expected: "
                        + PROBED + ")");
            }
        }
        return problems;
    }

    private static Map<String, Integer> ports(Manifest workload) {
        Map<String, Integer> ports = new TreeMap<>();
        workload.container()
                .path("ports")
                .forEach(port -> ports.put(
                        port.path("name").asText(), port.path("containerPort").asInt()));
        return ports;
    }

    /** Every Service leads to ports of the same number and name, of pods that there are. */
    List<String> strayServices() {
        List<String> problems = new ArrayList<>();
        ofKind("Service").forEach(service -> {
            JsonNode selector = service.tree().path("spec").path("selector");
            List<Manifest> selected =
                    workloads().filter(each -> selects(selector, each)).toList();
            if (selected.isEmpty()) {
                problems.add(service.origin() + ": selects nothing");
            }
            for (JsonNode port : service.tree().path("spec").path("ports")) {
                String target = port.path("targetPort").asText();
                for (Manifest workload : selected) {
                    if (!Integer.valueOf(port.path("port").asInt())
                            .equals(ports(workload).get(target))) {
                        problems.add(
                                service.origin() + ": port " + port + " leads to no such port of " + workload.name());
                    }
                }
            }
        });
        return problems;
    }

    /** Every budget, policy and autoscaler is about pods that there are. */
    List<String> strayPolicies() {
        List<String> problems = new ArrayList<>();
        Stream.concat(ofKind("NetworkPolicy"), ofKind("PodDisruptionBudget")).forEach(each -> {
            JsonNode spec = each.tree().path("spec");
            JsonNode selector = spec.has("podSelector") ? spec.path("podSelector") : spec.path("selector");
            if (workloads().noneMatch(workload -> selects(selector.path("matchLabels"), workload))) {
                problems.add(each.origin() + ": selects nothing");
            }
        });
        ofKind("HorizontalPodAutoscaler").forEach(scaler -> {
            JsonNode target = scaler.tree().path("spec").path("scaleTargetRef");
            if (workloads()
                    .noneMatch(workload -> workload.kind()
                                    .equals(target.path("kind").asText())
                            && workload.name().equals(target.path("name").asText()))) {
                problems.add(scaler.origin() + ": scales nothing");
            }
        });
        return problems;
    }

    /** Every port that is let in or out is one of a node's, of Kafka's listeners or of the name server's. */
    List<String> strayOpenings(NodeConfig config) {
        List<String> problems = new ArrayList<>();
        Set<Integer> listeners = new java.util.HashSet<>();
        ofKind("Kafka")
                .forEach(kafka -> kafka.tree()
                        .path("spec")
                        .path("kafka")
                        .path("listeners")
                        .forEach(listener -> listeners.add(listener.path("port").asInt())));
        ofKind("NetworkPolicy").forEach(policy -> {
            JsonNode spec = policy.tree().path("spec");
            for (JsonNode rule : spec.path("ingress")) {
                for (JsonNode port : rule.path("ports")) {
                    if (!Settings.ports(config).containsValue(port.path("port").asInt())) {
                        problems.add(policy.origin() + ": lets in to " + port);
                    }
                }
            }
            for (JsonNode rule : spec.path("egress")) {
                for (JsonNode port : rule.path("ports")) {
                    int number = port.path("port").asInt();
                    if (number != config.fleet().port()
                            && !listeners.contains(number)
                            && !NAME_SERVER.contains(number)) {
                        problems.add(policy.origin() + ": lets out to " + port);
                    }
                }
            }
        });
        return problems;
    }

    /** Each workload runs as nobody, writes nowhere but to its volumes, and is given no more than it asks for. */
    List<String> loosePods() {
        List<String> problems = new ArrayList<>();
        workloads().forEach(workload -> {
            JsonNode pod = workload.pod();
            JsonNode container = workload.container();
            JsonNode lock = container.path("securityContext");
            expect(problems, workload, pod.path("securityContext").path("runAsNonRoot"), "true");
            expect(problems, workload, lock.path("readOnlyRootFilesystem"), "true");
            expect(problems, workload, lock.path("allowPrivilegeEscalation"), "false");
            expect(problems, workload, lock.path("capabilities").path("drop").path(0), "ALL");
            expect(problems, workload, pod.path("automountServiceAccountToken"), "false");
            // Else a Service called millrace-http becomes a variable MILLRACE_HTTP_PORT, which is a setting.
            expect(problems, workload, pod.path("enableServiceLinks"), "false");
            for (String folder : List.of("/data", "/tmp")) {
                boolean mounted = Stream.iterate(0, i -> i + 1)
                        .limit(container.path("volumeMounts").size())
                        .map(i -> container.path("volumeMounts").path(i).path("mountPath"))
                        .anyMatch(path -> path.asText().equals(folder));
                if (!mounted) {
                    problems.add(workload.origin() + ": " + folder + " cannot be written to");
                }
            }
        });
        return problems;
    }

    private static void expect(List<String> problems, Manifest workload, JsonNode actual, String expected) {
        if (!actual.asText().equals(expected)) {
            problems.add(workload.origin() + ": " + actual + " (expected: " + expected + ")");
        }
    }

    private static boolean selects(JsonNode labels, Manifest workload) {
        JsonNode has =
                workload.tree().path("spec").path("template").path("metadata").path("labels");
        boolean all = true;
        for (var wanted : labels.properties()) {
            all &= wanted.getValue().equals(has.get(wanted.getKey()));
        }
        return all && !labels.isEmpty();
    }
}
