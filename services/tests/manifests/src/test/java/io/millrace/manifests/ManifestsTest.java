package io.millrace.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.config.NodeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestsTest {
    @TempDir
    Path empty;

    @Test
    void everyResourceIsWhatTheApiKnows() {
        List<String> problems = new ArrayList<>();
        int resources = 0;
        for (Kustomization folder : Kustomization.all()) {
            for (Manifest manifest : folder.resources()) {
                resources++;
                problems.addAll(Schema.problems(manifest));
            }
        }
        assertThat(problems).isEmpty();
        assertThat(resources).isGreaterThan(20);
    }

    @Test
    void everyPatchIsWhatTheApiKnowsAndIsForSomethingThatIsThere() {
        List<String> problems = new ArrayList<>();
        Set<String> there = new HashSet<>();
        Kustomization.all().forEach(each -> each.resources().forEach(one -> there.add(one.type() + " " + one.name())));
        for (Kustomization folder : Kustomization.all()) {
            for (Path file : folder.mergePatches()) {
                for (Manifest patch : Manifest.in(file)) {
                    problems.addAll(Schema.problemsOfPatch(patch));
                    if (!there.contains(patch.type() + " " + patch.name())) {
                        problems.add(patch.origin() + ": patches nothing");
                    }
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void everyKustomizationNamesFilesThatAreThereAndNoFileIsLeftOut() {
        Set<Path> named = new HashSet<>();
        List<String> problems = new ArrayList<>();
        for (Kustomization folder : Kustomization.all()) {
            problems.addAll(folder.problems());
            folder.paths()
                    .forEach(path -> named.add(folder.folder().resolve(path).normalize()));
        }
        List<Path> unused = new ArrayList<>(Checkout.manifests(".yaml"));
        unused.addAll(Checkout.manifests(".env"));
        unused.removeIf(file -> named.contains(file) || file.endsWith("kustomization.yaml"));
        assertThat(problems).isEmpty();
        assertThat(unused).isEmpty();
    }

    @Test
    void everyVariableIsASettingAndTogetherTheyMakeANode() {
        List<String> problems = new ArrayList<>();
        for (Path overlay : Kustomization.overlays()) {
            for (String workload : List.of("millrace-store", "millrace-edge")) {
                Map<String, String> environment = Kustomization.in(overlay).environment(workload);
                problems.addAll(Settings.problems(environment, empty));
                assertThat(environment).containsKeys("MILLRACE_KAFKA_BOOTSTRAP", "MILLRACE_PEERS_SECRET");
            }
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void aMisspelledVariableOrAValueOutOfBoundsIsFound() {
        Map<String, String> environment = new LinkedHashMap<>(
                Kustomization.in(Kustomization.overlays().getFirst()).environment("millrace-edge"));
        environment.put("MILLRACE_GATEWAY_PROT", "3112");
        environment.put("MILLRACE_NODE_DRAIN", "5");
        assertThat(Settings.problems(environment, empty)).hasSize(2);
    }

    @Test
    void rolesAndPortsAreThoseOfTheNode() {
        for (Path overlay : Kustomization.overlays()) {
            Kustomization kustomization = Kustomization.in(overlay);
            Workloads workloads = new Workloads(kustomization.resources());
            Manifest store = workloads.named("StatefulSet", "millrace-store");
            Manifest edge = workloads.named("Deployment", "millrace-edge");
            NodeConfig owner = Settings.node(kustomization.environment(store.name()), empty);
            NodeConfig server = Settings.node(kustomization.environment(edge.name()), empty);

            assertThat(owner.fleet().roles()).hasToString("[STORE]");
            assertThat(server.fleet().roles()).hasToString("[EDGE]");
            assertThat(workloads.wrongPorts(store, owner)).isEmpty();
            assertThat(workloads.wrongPorts(edge, server)).isEmpty();
            assertThat(Settings.ports(owner)).isEqualTo(Settings.ports(server));
            assertThat(workloads.strayServices()).isEmpty();
            assertThat(workloads.strayPolicies()).isEmpty();
            assertThat(workloads.strayOpenings(owner)).isEmpty();
            assertThat(workloads.loosePods()).isEmpty();
        }
    }

    @Test
    void podsHaveTheTimeThatNodesTakeToStop() {
        for (Path overlay : Kustomization.overlays()) {
            Kustomization kustomization = Kustomization.in(overlay);
            new Workloads(kustomization.resources()).workloads().forEach(workload -> {
                NodeConfig config = Settings.node(kustomization.environment(workload.name()), empty);
                Duration longest = config.fleet().drain().plus(config.home().shutdownTimeout());
                assertThat(workload.pod().path("terminationGracePeriodSeconds").asInt())
                        .as(workload.origin())
                        .isGreaterThan((int) longest.toSeconds());
            });
        }
    }

    @Test
    void theAdminApiIsReachedFromThePodItselfOnly() {
        for (Path overlay : Kustomization.overlays()) {
            for (String workload : List.of("millrace-store", "millrace-edge")) {
                NodeConfig config = Settings.node(Kustomization.in(overlay).environment(workload), empty);
                assertThat(config.admin().host()).isEqualTo("127.0.0.1");
                assertThat(config.admin().healthPort()).isPresent();
            }
        }
    }
}
