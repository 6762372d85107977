package io.millrace.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.config.NodeConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTest {
    private final String image = Checkout.text("k8s/Dockerfile");
    private final String build = Checkout.text("pom.xml");

    @TempDir
    Path empty;

    @Test
    void theTagIsTheVersionEverywhere() {
        String version = group(build, "<artifactId>millrace</artifactId>\\s*<version>([^<]+)<");
        assertThat(group(image, "(?m)^ARG VERSION=(.+)$")).isEqualTo(version);
        assertThat(group(image, "-t millrace:(\\S+)")).isEqualTo(version);
        for (Path overlay : Kustomization.overlays()) {
            var images = Kustomization.in(overlay).manifest().tree().path("images");
            assertThat(images.path(0).path("name").asText()).isEqualTo("millrace");
            assertThat(images.path(0).path("newTag").asText()).isEqualTo(version);
        }
    }

    @Test
    void javaIsStartedAsTheLauncherStartsIt() {
        assertThat(build).contains("<maven.compiler.release>25<");
        assertThat(image).contains("FROM eclipse-temurin:25-jre\n", "FROM maven:3.9-eclipse-temurin-25 AS build\n");
        String entry = image.substring(image.indexOf("ENTRYPOINT"));
        for (String option : group(build, "<millrace.jvm.args>([^<]+)<").split(" ", -1)) {
            assertThat(entry).contains('"' + option + '"');
        }
    }

    @Test
    void noShellStandsBetweenASignalAndTheNode() {
        assertThat(image).contains("ENTRYPOINT [\"java\", ");
        assertThat(image).contains("CMD [\"up\"]");
    }

    @Test
    void whoRunsItIsNobodyAndTheSameAsInThePods() {
        String user = group(image, "(?m)^USER (\\d+):\\1$");
        for (Manifest workload : new Workloads(
                        Kustomization.in(Checkout.manifests().resolve("base")).resources())
                .workloads()
                .toList()) {
            assertThat(workload.pod().path("securityContext").path("runAsUser").asText())
                    .isEqualTo(user);
        }
        assertThat(image).contains("--chown=" + user + ":" + user + " /out/data /data");
    }

    @Test
    void thePortsItTellsOfAreThoseOfANode() {
        Set<Integer> told = new HashSet<>();
        Arrays.stream(group(image, "(?m)^EXPOSE ([0-9 ]+)$").split(" ", -1))
                .map(Integer::valueOf)
                .forEach(told::add);
        NodeConfig node = Settings.node(
                Kustomization.in(Kustomization.overlays().getFirst()).environment("millrace-edge"), empty);
        assertThat(told).isEqualTo(new HashSet<>(Settings.ports(node).values()));
    }

    @Test
    void everyVariableItSetsIsASetting() {
        Set<String> set = new HashSet<>();
        for (MatchResult found :
                Pattern.compile("(MILLRACE_\\w+)=").matcher(image).results().toList()) {
            set.add(found.group(1));
        }
        assertThat(set).isNotEmpty();
        set.forEach(variable -> assertThat(Settings.problems(java.util.Map.of(variable, "/data"), empty))
                .isEmpty());
    }

    private static String group(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }
}
