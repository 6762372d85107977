package io.millrace.engine.queue;

import io.millrace.core.address.RecordKey;
import io.millrace.core.value.Json;
import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.DeadLetters;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Topics of one partition and groups of one member at a time, in memory and at once. */
final class MemoryKafka implements QueueLog, ConsumerGroups, DeadLetters {
    private final InstantSource clock;
    private final Map<String, List<Received>> topics = new TreeMap<>();
    private final Map<String, Long> places = new TreeMap<>();
    private final Map<String, Member> members = new HashMap<>();

    MemoryKafka(InstantSource clock) {
        this.clock = clock;
    }

    List<Received> topic(String topic) {
        return List.copyOf(topics.getOrDefault(topic, List.of()));
    }

    Map<String, Long> places() {
        return places;
    }

    @Override
    public CompletionStage<Void> open(Kind kind, String topic) {
        topics.computeIfAbsent(topic, ignored -> new ArrayList<>());
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> append(Kind kind, String topic, @Nullable String key, Entry entry) {
        return append(topic, key == null ? null : key.getBytes(StandardCharsets.UTF_8), entry.value(), entry.headers());
    }

    @Override
    public CompletionStage<Void> keep(DeadLetter letter) {
        return append(DeadLetters.TOPIC, letter.key().utf8(), letter.toJson(), Map.of());
    }

    private CompletionStage<Void> append(String topic, byte @Nullable [] key, Json value, Map<String, String> headers) {
        List<Received> log = topics.computeIfAbsent(topic, ignored -> new ArrayList<>());
        Received record = new Received(
                new TopicPartition(topic, 0),
                log.size(),
                clock.instant(),
                key == null ? null : RecordKey.ofBytes(key),
                value,
                headers::get);
        log.add(record);
        List.copyOf(members.values()).forEach(member -> member.bring(record));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Set<String>> topics(String prefix) {
        return CompletableFuture.completedStage(
                topics.keySet().stream().filter(name -> name.startsWith(prefix)).collect(Collectors.toSet()));
    }

    @Override
    public CompletionStage<Set<String>> groups(String prefix) {
        return CompletableFuture.completedStage(
                places.keySet().stream().filter(name -> name.startsWith(prefix)).collect(Collectors.toSet()));
    }

    @Override
    public CompletionStage<Void> beginAtOldest(String group, String topic) {
        places.putIfAbsent(group, 0L);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Long> depth(String group, String topic) {
        return CompletableFuture.completedStage(
                topics.getOrDefault(topic, List.of()).size() - places.getOrDefault(group, 0L));
    }

    @Override
    public CompletionStage<Void> read(String topic, Visitor visitor) {
        for (Received record : topic(topic)) {
            if (!visitor.visit(record)) {
                break;
            }
        }
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> prepare(String group, Set<String> of) {
        String topic = of.iterator().next();
        places.putIfAbsent(group, (long) topics.getOrDefault(topic, List.of()).size());
        return CompletableFuture.completedStage(null);
    }

    @Override
    public Membership join(String group, Set<String> of, Listener listener) {
        Member member = new Member(group, new TopicPartition(of.iterator().next(), 0), listener);
        members.put(group, member);
        listener.assigned(member, member.at);
        topic(member.at.topic()).stream().skip(places.getOrDefault(group, 0L)).forEach(member::bring);
        return member;
    }

    @Override
    public CompletionStage<Void> delete(String group) {
        places.remove(group);
        return CompletableFuture.completedStage(null);
    }

    private final class Member implements Membership {
        private final String group;
        private final TopicPartition at;
        private final Listener listener;

        private Member(String group, TopicPartition at, Listener listener) {
            this.group = group;
            this.at = at;
            this.listener = listener;
        }

        private void bring(Received record) {
            if (record.at().equals(at)) {
                listener.received(at, List.of(record));
            }
        }

        @Override
        public void done(TopicPartition partition, long nextOffset) {
            places.put(group, nextOffset);
        }

        @Override
        public void pause(TopicPartition partition) {}

        @Override
        public void resume(TopicPartition partition) {}

        @Override
        public long lag() {
            return 0;
        }

        @Override
        public CompletionStage<Void> leave() {
            members.remove(group, this);
            listener.revoked(at, false);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void close() {
            var _ = leave();
        }
    }
}
