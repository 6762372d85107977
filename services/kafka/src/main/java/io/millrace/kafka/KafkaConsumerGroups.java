package io.millrace.kafka;

import io.millrace.engine.port.ConsumerGroups;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** One consumer on a thread of its own for each membership. */
final class KafkaConsumerGroups implements ConsumerGroups, AutoCloseable {
    private final GroupPlaces places;
    private final Names names;
    private final ClientSettings settings;
    private final Alarm.Listener alarms;

    /** The latest member of each group: the next one waits until it has left. */
    private final Map<String, GroupMember> members = new ConcurrentHashMap<>();

    KafkaConsumerGroups(GroupPlaces places, Names names, ClientSettings settings, Alarm.Listener alarms) {
        this.places = places;
        this.names = names;
        this.settings = settings;
        this.alarms = alarms;
    }

    @Override
    public CompletionStage<Void> prepare(String group, Set<String> topics) {
        return places.prepare(names.of(group), inKafka(topics));
    }

    @Override
    public Membership join(String group, Set<String> topics, Listener listener) {
        return members.compute(group, (name, before) -> {
            GroupMember member = new GroupMember(
                    names.of(group),
                    inKafka(topics),
                    listener,
                    new GroupMember.Means(names, settings, places, alarms),
                    before == null ? CompletableFuture.completedStage(null) : before.leave());
            member.start();
            var _ = member.left().thenRun(() -> members.remove(name, member));
            return member;
        });
    }

    @Override
    public CompletionStage<Void> delete(String group) {
        GroupMember member = members.get(group);
        CompletionStage<Void> left = member == null ? CompletableFuture.completedStage(null) : member.left();
        return left.thenCompose(done -> places.delete(names.of(group)));
    }

    private Set<String> inKafka(Set<String> topics) {
        Set<String> all = new TreeSet<>();
        topics.forEach(topic -> all.add(names.of(topic)));
        return all;
    }

    @Override
    public void close() {
        List<GroupMember> all = List.copyOf(members.values());
        all.forEach(GroupMember::leave);
        all.forEach(GroupMember::close);
    }
}
