package io.millrace.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A folder that {@code kubectl kustomize} takes: which files are in it, and what settings they come to. */
record Kustomization(Path folder, Manifest manifest) {
    private static final Set<String> FIELDS = Set.of(
            "apiVersion",
            "kind",
            "namespace",
            "labels",
            "resources",
            "components",
            "configMapGenerator",
            "secretGenerator",
            "images",
            "patches");

    static Kustomization in(Path folder) {
        return new Kustomization(
                folder, Manifest.in(folder.resolve("kustomization.yaml")).getFirst());
    }

    /** All there are. */
    static List<Kustomization> all() {
        return Checkout.manifests("kustomization.yaml").stream()
                .map(file -> in(file.resolveSibling(".").normalize()))
                .toList();
    }

    /** The folders that are rendered and applied. */
    static List<Path> overlays() {
        return all().stream()
                .map(Kustomization::folder)
                .filter(folder -> folder.resolveSibling(".").normalize().endsWith("overlays"))
                .toList();
    }

    List<String> problems() {
        List<String> problems = new ArrayList<>();
        boolean component = manifest.kind().equals("Component");
        String version = "kustomize.config.k8s.io/" + (component ? "v1alpha1" : "v1beta1");
        if ((!component && !manifest.kind().equals("Kustomization"))
                || !manifest.type().startsWith(version + " ")) {
            problems.add(manifest.origin() + ": " + manifest.type() + " (expected: Kustomization or Component)");
        }
        manifest.tree().fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                problems.add(manifest.origin() + ": " + field + " is not expected here");
            }
        });
        for (String path : paths()) {
            Path file = folder.resolve(path).normalize();
            if (!Files.isRegularFile(file) && !Files.isRegularFile(file.resolve("kustomization.yaml"))) {
                problems.add(manifest.origin() + ": " + path + " is not there");
            }
        }
        return problems;
    }

    /** Every file and folder it names, as it names them. */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        texts("resources", paths);
        texts("components", paths);
        manifest.tree()
                .path("patches")
                .forEach(patch -> paths.add(patch.path("path").asText()));
        for (JsonNode generated : manifest.tree().path("configMapGenerator")) {
            generated.path("envs").forEach(file -> paths.add(file.asText()));
            generated.path("files").forEach(file -> paths.add(file.asText()));
        }
        return paths;
    }

    private void texts(String field, List<String> texts) {
        manifest.tree().path(field).forEach(text -> texts.add(text.asText()));
    }

    /** The files with patches that say of themselves what they are for. */
    List<Path> mergePatches() {
        List<Path> files = new ArrayList<>();
        for (JsonNode patch : manifest.tree().path("patches")) {
            if (!patch.has("target")) {
                files.add(folder.resolve(patch.path("path").asText()));
            }
        }
        return files;
    }

    /** The folders it takes in, in the order they count. */
    private List<Kustomization> parts() {
        List<String> names = new ArrayList<>();
        texts("resources", names);
        texts("components", names);
        return names.stream()
                .map(name -> folder.resolve(name).normalize())
                .filter(Files::isDirectory)
                .map(Kustomization::in)
                .toList();
    }

    /** The resources it comes to, before patches. */
    List<Manifest> resources() {
        List<Manifest> found = new ArrayList<>();
        parts().forEach(part -> found.addAll(part.resources()));
        List<String> names = new ArrayList<>();
        texts("resources", names);
        for (String name : names) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                found.addAll(Manifest.in(file));
            }
        }
        return found;
    }

    /**
     * The variables of a workload's container, as a node gets them: those of the ConfigMap, then its own. What comes from
     * elsewhere is something that fits.
     */
    Map<String, String> environment(String workload) {
        Map<String, String> environment = new LinkedHashMap<>(configMap());
        environment.putAll(own(workload));
        environment.replaceAll((name, text) -> text.replace("$(POD_IP)", "10.0.0.7"));
        return environment;
    }

    private Map<String, String> configMap() {
        Map<String, String> settings = new LinkedHashMap<>();
        parts().forEach(part -> settings.putAll(part.configMap()));
        for (JsonNode generated : manifest.tree().path("configMapGenerator")) {
            for (JsonNode file : generated.path("envs")) {
                settings.putAll(Settings.in(folder.resolve(file.asText())));
            }
        }
        return settings;
    }

    private Map<String, String> own(String workload) {
        Map<String, String> own = new LinkedHashMap<>();
        parts().forEach(part -> own.putAll(part.own(workload)));
        List<Manifest> manifests = new ArrayList<>();
        List<String> names = new ArrayList<>();
        texts("resources", names);
        names.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .forEach(file -> manifests.addAll(Manifest.in(file)));
        mergePatches().forEach(file -> manifests.addAll(Manifest.in(file)));
        for (Manifest each : manifests) {
            if (each.isWorkload() && each.name().equals(workload)) {
                own.putAll(Settings.of(each));
            }
        }
        return own;
    }
}
