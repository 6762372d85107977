package io.millrace.kafka;

import static io.millrace.kafka.Fixture.await;
import static io.millrace.kafka.Fixture.groupIn;
import static io.millrace.kafka.Fixture.item;
import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.send;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Space;
import io.millrace.core.value.Json;
import io.millrace.engine.port.ClusterLog;
import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.MessageLog;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.StateStore;
import io.millrace.engine.port.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does with a backend everything a node does, so that whoever may not do something of it is found out. */
final class WholeNode {
    private static final Set<String> STREAM = Set.of("stream.changes");

    private final KafkaBackend backend;
    private final Fixture.Assigned assigned = new Fixture.Assigned();
    private final Fixture.Heard heard = new Fixture.Heard();

    WholeNode(KafkaBackend backend) {
        this.backend = backend;
    }

    /** @param partitions of each change topic */
    void worksWith(int partitions) {
        backend.start(assigned, heard);
        await().until(() -> assigned.count() == 2 * partitions);
        writesReadsAndFollows();
        keepsSideTopics();
        queuesAndGroups();
        await().until(() -> backend.lease().held() && backend.health().ready());
    }

    private static <T> T done(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void writesReadsAndFollows() {
        done(backend.tail().follow(0));
        try (PartitionLog log = backend.logs().open(Space.STREAM, 0)) {
            log.fence();
            long written = write(log, put(item("i"), "v"));
            StateStore store = assigned.store(Space.STREAM, 0);
            await().until(() -> store.appliedOffset() >= written);
            assertThat(Fixture.replayed(log, 0, 100, written)).contains("\"v\"");
            send(backend, groupIn(0), "event");
            await().until(() -> heard.frames().containsAll(List.of("0 CHANGE \"v\"", "0 EVENT \"event\"")));
            done(backend.history().read(0, Mark.START, heard.mark(0), batch -> {}));
            await().until(() -> backend.replicas().replica(Space.STREAM, 0) != null);
        }
    }

    private void keepsSideTopics() {
        List<String> told = new CopyOnWriteArrayList<>();
        ClusterLog cluster = backend.cluster();
        try (var _ = cluster.follow(new ClusterLog.Listener() {
            @Override
            public void told(String node, @Nullable Json record) {
                told.add(node);
            }

            @Override
            public void caughtUp() {}
        })) {
            done(cluster.append("node-1", Json.ofText("1")));
            await().until(() -> told.contains("node-1"));
        }
        var presence = backend.presence();
        done(presence.append(Json.ofText("\"k\""), Json.ofText("1")));
        done(presence.read((key, value) -> told.add("presence")));
        assertThat(told).contains("presence");
        done(backend.messages().follow(message -> told.add(message.topic())));
        done(backend.messages().publish(new MessageLog.Message("topic", Json.ofText("1"), null, null)));
        await().until(() -> told.contains("topic"));
        done(backend.deadLetters()
                .keep(new DeadLetter(
                        new DeadLetter.Subject("trigger", "t"),
                        "f",
                        new TopicPartition("stream.changes", 0),
                        0,
                        1,
                        "code",
                        "message",
                        Instant.EPOCH,
                        Json.ofText("1"))));
    }

    private void queuesAndGroups() {
        QueueLog queues = backend.queues(1, Duration.ofDays(1));
        done(queues.append(QueueLog.Kind.QUEUE, "queue.q", null, new QueueLog.Entry(Json.ofText("1"), Map.of())));
        done(queues.beginAtOldest("trigger.g", "queue.q"));
        assertThat(done(queues.depth("trigger.g", "queue.q"))).isEqualTo(1);
        assertThat(done(queues.topics("queue."))).containsExactly("queue.q");
        assertThat(done(queues.groups("trigger."))).containsExactly("trigger.g");
        done(queues.read("queue.q", record -> true));
        Member member = new Member();
        done(backend.groups().prepare("trigger.g", STREAM));
        try (ConsumerGroups.Membership joined = backend.groups().join("trigger.g", Set.of("queue.q"), member)) {
            await().until(() -> member.received.size() == 1);
            joined.done(new TopicPartition("queue.q", 0), 1);
            await().until(() -> done(queues.depth("trigger.g", "queue.q")) == 0);
            await().until(() -> done(backend.evictions().evict("node-1")) == 2);
        }
        done(backend.groups().delete("trigger.g"));
    }

    /** Counts what it is brought. */
    private static final class Member implements ConsumerGroups.Listener {
        private final Set<String> received = ConcurrentHashMap.newKeySet();

        @Override
        public void assigned(ConsumerGroups.Membership membership, TopicPartition at) {}

        @Override
        public void received(TopicPartition at, List<Received> records) {
            records.forEach(record -> received.add(at + "@" + record.offset()));
        }

        @Override
        public void revoked(TopicPartition at, boolean lost) {}
    }
}
