package io.millrace.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Space;
import io.millrace.engine.feed.Reset;
import io.millrace.engine.write.WriteEvents.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetersTest {
    @Test
    void everyMeterOfOursIsInTheDocumentation() throws IOException {
        try (Meters meters = new Meters()) {
            assertThat(Files.readString(Path.of("../../docs/metrics.md")))
                    .as("paste what is missing into docs/metrics.md")
                    .contains(meters.markdown());
        }
    }

    @Test
    void whatTheWritersReportIsCounted() {
        try (Meters meters = new Meters()) {
            meters.writes().answered(Space.STATE, Answer.CHANGED);
            meters.writes().answered(Space.STATE, Answer.CHANGED);
            meters.writes().committed(Space.STREAM, 3, 2, 500, Duration.ofMillis(3));
            meters.writes().forgotten(Space.STATE, 1, 7);
            assertThat(meters.scrape())
                    .contains("millrace_mutations_total{answer=\"changed\",space=\"state\"} 2.0")
                    .contains("millrace_mutations_total{answer=\"changed\",space=\"stream\"} 0.0")
                    .contains("millrace_commit_seconds_bucket{space=\"stream\",le=\"0.005\"} 1")
                    .contains("millrace_commit_mutations_sum 2.0")
                    .contains("millrace_mutation_ids_forgotten_total 7.0");
        }
    }

    @Test
    void whatTheFeedsReportIsCounted() {
        try (Meters meters = new Meters()) {
            meters.feeds().snapshotFailed(1, new IllegalStateException("away"));
            meters.feeds().resumed(3);
            meters.feeds().replayed(1, 50);
            meters.feeds().replayFailed(1, new IllegalStateException("away"));
            meters.feeds().reset(Reset.TOO_OLD);
            meters.feeds().lagged();
            meters.feeds().conflated(4);
            assertThat(meters.scrape())
                    .contains("millrace_snapshot_failed_total 1.0")
                    .contains("millrace_feed_resumed_frames_sum 3.0")
                    .contains("millrace_feed_replayed_records_sum 50.0")
                    .contains("millrace_feed_replay_failed_total 1.0")
                    .contains("millrace_feed_resets_total{reason=\"too_old\"} 1.0")
                    .contains("millrace_feed_resets_total{reason=\"behind\"} 0.0")
                    .contains("millrace_feed_lagged_total 1.0")
                    .contains("millrace_feed_conflated_frames_total 4.0");
        }
    }

    @Test
    void whatTheConnectionsToOtherNodesReportIsCounted() {
        try (Meters meters = new Meters()) {
            meters.peers().up();
            meters.peers().asked();
            meters.peers().answered(true, 2_000_000);
            meters.peers().unanswered();
            meters.peers().unresponsive();
            meters.peers().violation(1002);
            assertThat(meters.scrape())
                    .contains("millrace_peers 1.0")
                    .contains("millrace_peer_questions_total 1.0")
                    .contains("millrace_peer_question_failures_total 1.0")
                    .contains("millrace_peer_question_seconds_bucket{le=\"0.005\"} 1")
                    .contains("millrace_peer_questions_unanswered_total 1.0")
                    .contains("millrace_peers_unresponsive_total 1.0")
                    .contains("millrace_peers_violations_total{code=\"1002\"} 1.0")
                    .contains("millrace_peers_violations_total{code=\"1009\"} 0.0");
        }
    }

    @Test
    void kafkasOwnMetricsAreThere() {
        try (Meters meters = new Meters()) {
            meters.bindJvm();
            org.apache.kafka.common.MetricName name =
                    new org.apache.kafka.common.MetricName("record-send-total", "producer-metrics", "sent", Map.of());
            meters.bindClients(() -> Map.of(name, new OneMetric(name, 5.0)));
            assertThat(meters.scrape())
                    .contains("kafka_producer_record_send_total{kafka_version=\"unknown\"} 5.0")
                    .contains("jvm_memory_used_bytes");
        }
    }

    private record OneMetric(org.apache.kafka.common.MetricName metricName, Object metricValue)
            implements org.apache.kafka.common.Metric {}
}
