package io.millrace.manifests;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the API servers know. Each check gives what is wrong. */
final class Schema {
    /**
     * What a kind is read into.
     *
     * @param model the models of Strimzi and of the client it builds on; what they do not know is unknown
     * @param schema Kubernetes' own, which also knows what is required; none for what is not of Kubernetes itself
     */
    private record Known(Class<?> model, @Nullable Class<?> schema) {
        Known(Class<?> model) {
            this(model, null);
        }
    }

    private static final Map<String, Known> KINDS = Map.ofEntries(
            kubernetes("v1 Namespace", "io.fabric8.kubernetes.api.model.Namespace", "V1Namespace"),
            kubernetes("v1 Service", "io.fabric8.kubernetes.api.model.Service", "V1Service"),
            kubernetes("v1 ServiceAccount", "io.fabric8.kubernetes.api.model.ServiceAccount", "V1ServiceAccount"),
            kubernetes("v1 ConfigMap", "io.fabric8.kubernetes.api.model.ConfigMap", "V1ConfigMap"),
            kubernetes("v1 Secret", "io.fabric8.kubernetes.api.model.Secret", "V1Secret"),
            kubernetes("apps/v1 StatefulSet", "io.fabric8.kubernetes.api.model.apps.StatefulSet", "V1StatefulSet"),
            kubernetes("apps/v1 Deployment", "io.fabric8.kubernetes.api.model.apps.Deployment", "V1Deployment"),
            kubernetes(
                    "autoscaling/v2 HorizontalPodAutoscaler",
                    "io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler",
                    "V2HorizontalPodAutoscaler"),
            kubernetes(
                    "policy/v1 PodDisruptionBudget",
                    "io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget",
                    "V1PodDisruptionBudget"),
            kubernetes(
                    "networking.k8s.io/v1 NetworkPolicy",
                    "io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy",
                    "V1NetworkPolicy"),
            other("kafka.strimzi.io/v1 Kafka", "io.strimzi.api.kafka.model.kafka.Kafka"),
            other("kafka.strimzi.io/v1 KafkaNodePool", "io.strimzi.api.kafka.model.nodepool.KafkaNodePool"),
            other("kafka.strimzi.io/v1 KafkaTopic", "io.strimzi.api.kafka.model.topic.KafkaTopic"),
            other("kafka.strimzi.io/v1 KafkaUser", "io.strimzi.api.kafka.model.user.KafkaUser"),
            other("monitoring.coreos.com/v1 PodMonitor", "io.fabric8.openshift.api.model.monitoring.v1.PodMonitor"),
            other(
                    "monitoring.coreos.com/v1 PrometheusRule",
                    "io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule"));

    private static final ObjectMapper STRICT = new ObjectMapper()
            .setAnnotationIntrospector(new NothingElse())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private Schema() {}

    private static Map.Entry<String, Known> kubernetes(String type, String model, String schema) {
        return Map.entry(type, new Known(named(model), named("io.kubernetes.client.openapi.models." + schema)));
    }

    private static Map.Entry<String, Known> other(String type, String model) {
        return Map.entry(type, new Known(named(model)));
    }

    /** By name: the compiler would warn of annotations of theirs that are nowhere to be had. */
    private static Class<?> named(String model) {
        try {
            return Class.forName(model);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(model + ": no such model", e);
        }
    }

    /** What is wrong with a whole resource. */
    static List<String> problems(Manifest manifest) {
        List<String> problems = problemsOfPatch(manifest);
        Known known = KINDS.get(manifest.type());
        if (known != null && known.schema() != null) {
            problemInKubernetes(manifest, known.schema()).ifPresent(problems::add);
        }
        return problems;
    }

    /** What is wrong with part of a resource: whatever is there must be known, but not everything must be there. */
    static List<String> problemsOfPatch(Manifest manifest) {
        List<String> problems = new ArrayList<>(Words.problems(manifest));
        Known known = KINDS.get(manifest.type());
        if (known == null) {
            problems.add(manifest.origin() + ": " + manifest.type() + " is no kind that is expected here");
            return problems;
        }
        if (manifest.name().isEmpty()) {
            problems.add(manifest.origin() + ": no metadata.name");
        }
        try {
            Object read = STRICT.treeToValue(manifest.tree(), known.model());
            lost(manifest.tree(), STRICT.valueToTree(read), "", lost -> problems.add(manifest.origin() + ": " + lost));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            problems.add(manifest.origin() + ": " + firstLine(e));
        }
        return problems;
    }

    private static Optional<String> problemInKubernetes(Manifest manifest, Class<?> schema) {
        JsonElement element = JsonParser.parseString(manifest.tree().toString());
        try {
            schema.getMethod("validateJsonElement", JsonElement.class).invoke(null, element);
            Object read = JSON.getGson().fromJson(element, schema);
            return read == null ? Optional.of(manifest.origin() + ": empty") : Optional.empty();
        } catch (InvocationTargetException e) {
            return Optional.of(manifest.origin() + ": " + firstLine(e.getCause() == null ? e : e.getCause()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(schema + ": has no check of its own", e);
        } catch (RuntimeException e) {
            return Optional.of(manifest.origin() + ": " + firstLine(e));
        }
    }

    /** Words that a model does not know become nothing without a word; here they are missed. */
    private static void lost(JsonNode given, JsonNode read, String path, java.util.function.Consumer<String> lost) {
        if (given.isObject()) {
            given.properties().forEach(field -> {
                JsonNode there = read.get(field.getKey());
                String at = path + "/" + field.getKey();
                boolean empty =
                        field.getValue().isContainerNode() && field.getValue().isEmpty();
                if (there != null) {
                    lost(field.getValue(), there, at, lost);
                } else if (!empty) {
                    lost.accept(at + " is not known, or its value is not");
                }
            });
        } else if (given.isArray()) {
            for (int i = 0; i < given.size(); i++) {
                lost(given.get(i), read.path(i), path + "/" + i, lost);
            }
        } else if (!given.isNull() && (read.isNull() || read.isMissingNode())) {
            lost.accept(path + ": " + given + " is not known");
        }
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse(failure.toString());
    }

    /** The models would keep what they do not know, in case a server does. */
    private static final class NothingElse extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }

        /** What is left out is taken for lost, also where it was only the default. */
        @Override
        public JsonInclude.Value findPropertyInclusion(Annotated annotated) {
            return JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS);
        }

        @Override
        public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated annotated) {
            return super.findPropertyIgnoralByName(config, annotated).withoutIgnoreUnknown();
        }
    }
}
