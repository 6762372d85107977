package io.millrace.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlantedTypoTest {
    @ParameterizedTest(name = "{0}: {1} written {2}")
    @CsvSource({
        "base/store.yaml, podManagementPolicy:, podManagmentPolicy:",
        "base/store.yaml, podManagementPolicy: Parallel, podManagementPolicy: Paralel",
        "base/store.yaml, serviceName: millrace-peers, serviceNam: millrace-peers",
        "base/store.yaml, runAsNonRoot: true, runAsNoRoot: true",
        "base/store.yaml, replicas: 3, replicas: three",
        "base/store.yaml, memory: 2Gi, memory: 2Gigs",
        "base/store.yaml, fieldPath: metadata.name, filedPath: metadata.name",
        "base/edge.yaml, maxSurge: 1, maxSurges: 1",
        "base/edge.yaml, averageUtilization: 70, averageUtilisation: 70",
        "base/edge.yaml, scaleTargetRef:, scaleTarget:",
        "base/edge.yaml, type: Utilization, type: Utilisation",
        "base/services.yaml, targetPort: http, targetPorts: http",
        "base/services.yaml, port: 3111, prot: 3111",
        "base/disruption.yaml, maxUnavailable: 1, maxUnavailble: 1",
        "base/network.yaml, policyTypes:, policyType:",
        "base/network.yaml, namespaceSelector:, namespacesSelector:",
        "base/network.yaml, protocol: TCP, protocol: TPC",
        "base/account.yaml, automountServiceAccountToken:, automountToken:",
        "kafka/topics.yaml, partitions: 32, partition: 32",
        "kafka/topics.yaml, kafka.strimzi.io/v1, kafka.strimzi.io/v1beta2",
        "kafka/user.yaml, patternType: prefix, patternTyp: prefix",
        "kafka/user.yaml, patternType: prefix, patternType: prefixed",
        "kafka/user.yaml, '\"Create\"', '\"Make\"'",
        "kafka/user.yaml, type: transactionalId, type: transactionId",
        "overlays/production/kafka.yaml, kraftMetadata:, kraftMeta:",
        "overlays/production/kafka.yaml, kraftMetadata: shared, kraftMetadata: share",
        "overlays/production/kafka.yaml, type: internal, type: interna",
        "overlays/production/kafka.yaml, topicOperator:, topicsOperator:",
        "overlays/production/kafka.yaml, authorization:, authorisation:",
        "overlays/production/kafka.yaml, requiredDuringSchedulingIgnoredDuringExecution:, requiredDuringScheduling:",
        "components/monitoring/pods.yaml, podMetricsEndpoints:, podMetricEndpoints:",
        "components/monitoring/pods.yaml, interval: 15s, intervall: 15s",
        "components/monitoring/rules.yaml, alert:, alarm:",
        "components/monitoring/rules.yaml, severity: critical, severity: critic",
    })
    void isFoundInAResource(String file, String right, String wrong) {
        assertThat(problems(file, right, right)).isEmpty();
        assertThat(problems(file, right, wrong)).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}: {1} written {2}")
    @CsvSource({
        "overlays/dev/store.yaml, requests:, request:",
        "overlays/dev/edge.yaml, minReplicas:, minReplica:",
        "overlays/production/store.yaml, topologyKey:, topologyKeys:",
        "components/strimzi-clients/store.yaml, secretName:, secretsName:",
    })
    void isFoundInAPatch(String file, String right, String wrong) {
        String text = text(file, right);
        assertThat(Manifest.in(file, text.replaceFirst(right, wrong)).stream()
                        .flatMap(patch -> Schema.problemsOfPatch(patch).stream()))
                .isNotEmpty();
    }

    @Test
    void isFoundInAKustomization() {
        Kustomization right = Kustomization.in(Checkout.manifests().resolve("base"));
        String text = Checkout.text(Checkout.manifests().resolve("base/kustomization.yaml"));
        assertThat(right.problems()).isEmpty();
        for (String wrong : List.of(
                text.replace("resources:", "resource:"),
                text.replace("- store.yaml", "- stores.yaml"),
                text.replace("kind: Kustomization", "kind: Kustomisation"))) {
            Manifest manifest = Manifest.in("kustomization.yaml", wrong).getFirst();
            assertThat(new Kustomization(right.folder(), manifest).problems()).hasSize(1);
        }
    }

    private static List<String> problems(String file, String right, String wrong) {
        String text = text(file, right).replace(right, wrong);
        Stream<Manifest> manifests = Manifest.in(file, text).stream();
        return manifests.flatMap(each -> Schema.problems(each).stream()).toList();
    }

    private static String text(String file, String right) {
        String text = Checkout.text(Checkout.manifests().resolve(file));
        assertThat(text).contains(right);
        return text;
    }
}
