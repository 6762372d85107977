package io.millrace.engine.surface;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Functions;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.trigger.Binding;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The functions bound to one type of trigger: called without waiting for them. One that does not keep up misses events,
 * which are counted: a function that logs may well be called for what it logs.
 */
final class Audience {
    /** Calls of one trigger that have not been answered. */
    private static final int MOST_UNDER_WAY = 1_000;

    private final Map<Binding.Key, Member> members = new ConcurrentHashMap<>();
    private final Means means;

    /** Whom to call, how long to wait for an answer, and what to do about an event that somebody misses. */
    record Means(Functions functions, InstantSource clock, Duration callDeadline, Runnable missed) {}

    private record Member(Binding binding, AtomicInteger underWay) {}

    Audience(Means means) {
        this.means = means;
    }

    void add(Binding binding) {
        members.put(binding.key(), new Member(binding, new AtomicInteger()));
    }

    void remove(Binding binding) {
        members.computeIfPresent(
                binding.key(), (key, member) -> member.binding().equals(binding) ? null : member);
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    void call(Json payload) {
        call(payload, binding -> true);
    }

    void call(Json payload, Predicate<Binding> wanted) {
        for (Member member : members.values()) {
            if (wanted.test(member.binding())) {
                call(member, payload);
            }
        }
    }

    private void call(Member member, Json payload) {
        if (member.underWay().incrementAndGet() > MOST_UNDER_WAY) {
            member.underWay().decrementAndGet();
            means.missed().run();
            return;
        }
        var _ = means.functions()
                .invoke(new Invocation(
                        member.binding().functionId(),
                        payload,
                        means.clock().instant().plus(means.callDeadline()),
                        Invocation.Context.NONE.withMetadata(member.binding().metadata())))
                .whenComplete((outcome, failure) -> member.underWay().decrementAndGet());
    }
}
