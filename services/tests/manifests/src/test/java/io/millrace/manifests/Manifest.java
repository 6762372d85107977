package io.millrace.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One document of a YAML file.
 *
 * @param origin where it stands, for messages
 */
record Manifest(String origin, JsonNode tree) {
    private static final ObjectMapper TREES = new ObjectMapper();

    /** Every document in a file. Names given twice in one object are refused. */
    static List<Manifest> in(Path file) {
        return in(Checkout.manifests().relativize(file).toString(), Checkout.text(file));
    }

    static List<Manifest> in(String origin, String yaml) {
        List<Manifest> found = new ArrayList<>();
        LoadSettings settings = LoadSettings.builder()
                .setAllowDuplicateKeys(false)
                .setLabel(origin)
                .build();
        for (Object document : new Load(settings).loadAllFromString(yaml)) {
            found.add(new Manifest(origin + " (" + (found.size() + 1) + ")", TREES.valueToTree(document)));
        }
        return found;
    }

    String kind() {
        return tree.path("kind").asText();
    }

    String name() {
        return tree.path("metadata").path("name").asText();
    }

    /** Group, version and kind: {@code apps/v1 Deployment}. */
    String type() {
        return tree.path("apiVersion").asText() + " " + kind();
    }

    boolean isKustomization() {
        return tree.path("apiVersion").asText().startsWith("kustomize.config.k8s.io/");
    }

    /** Whether it is a list of single changes rather than a resource. */
    boolean isJsonPatch() {
        return tree.isArray();
    }

    /** What Pods are made from, or nothing. */
    JsonNode pod() {
        return tree.path("spec").path("template").path("spec");
    }

    JsonNode container() {
        return pod().path("containers").path(0);
    }

    boolean isWorkload() {
        return kind().equals("StatefulSet") || kind().equals("Deployment");
    }
}
