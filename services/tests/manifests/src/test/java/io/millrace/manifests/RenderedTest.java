package io.millrace.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.config.NodeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code kubectl apply -k} would send. Where there is no kubectl, what is sent is only checked in its parts. */
class RenderedTest {
    @TempDir
    Path empty;

    @Test
    void everyOverlayRendersToWhatTheApiKnowsAndANodeTakes() throws Exception {
        assumeTrue(isThereKubectl(), "no kubectl: overlays are checked in their parts only");
        for (Path overlay : Kustomization.overlays()) {
            List<Manifest> resources = Manifest.in(overlay.getFileName() + ", rendered", render(overlay));
            List<String> problems = new ArrayList<>();
            resources.forEach(each -> problems.addAll(Schema.problems(each)));
            Workloads workloads = new Workloads(resources);
            for (Manifest workload : workloads.workloads().toList()) {
                NodeConfig config = Settings.node(environment(resources, workload), empty);
                problems.addAll(workloads.wrongPorts(workload, config));
                problems.addAll(workloads.strayOpenings(config));
                assertThat(workload.container().path("image").asText()).startsWith("millrace:");
            }
            problems.addAll(workloads.strayServices());
            problems.addAll(workloads.strayPolicies());
            problems.addAll(workloads.loosePods());
            assertThat(problems).isEmpty();
            assertThat(workloads.workloads()).hasSize(2);
            assertThat(resources)
                    .allMatch(each -> each.kind().equals("Namespace")
                            || each.tree()
                                    .path("metadata")
                                    .path("namespace")
                                    .asText()
                                    .equals("millrace"));
        }
    }

    /** Of the ConfigMap it is given by its rendered name, then its own. */
    private static Map<String, String> environment(List<Manifest> resources, Manifest workload) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (JsonNode source : workload.container().path("envFrom")) {
            String name = source.path("configMapRef").path("name").asText();
            new Workloads(resources)
                    .named("ConfigMap", name)
                    .tree()
                    .path("data")
                    .properties()
                    .forEach(each ->
                            environment.put(each.getKey(), each.getValue().asText()));
        }
        environment.putAll(Settings.of(workload));
        environment.replaceAll((name, text) -> text.replace("$(POD_IP)", "10.0.0.7"));
        return environment;
    }

    private static boolean isThereKubectl() throws InterruptedException {
        try {
            return new ProcessBuilder("kubectl", "version", "--client")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String render(Path overlay) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("kubectl", "kustomize", overlay.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text;
        try (InputStream out = process.getInputStream()) {
            text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(process.waitFor())
                .as("kubectl kustomize " + overlay.getFileName())
                .isZero();
        return text;
    }
}
