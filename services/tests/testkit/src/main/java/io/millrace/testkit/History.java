package io.millrace.testkit;

import io.millrace.core.address.Address;
import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What clients asked and were told. */
public final class History {
    private final Map<MutationId, Told> told = new LinkedHashMap<>();
    private final Map<Address, Version> acknowledged = new HashMap<>();
    private int unanswered;

    void asked() {
        unanswered++;
    }

    void told(Mutation mutation, Reply reply) {
        unanswered--;
        told.put(mutation.id(), new Told(mutation, reply));
        if (reply instanceof Reply.Done done) {
            acknowledged.merge(mutation.address(), done.version(), (a, b) -> a.compareTo(b) < 0 ? b : a);
        }
    }

    /** The latest version that some client knows of: every read that begins now must see it or a later one. */
    Version acknowledged(Address address) {
        return acknowledged.getOrDefault(address, Version.NONE);
    }

    /** The units that some client knows to hold a counter, which nobody ever deletes. */
    Set<Unit> counters(Space space) {
        return told.values().stream()
                .filter(each -> each.mutation().ask() instanceof Mutation.Update)
                .map(each -> each.mutation().address().unit())
                .filter(unit -> unit.space() == space)
                .collect(Collectors.toSet());
    }

    /** What was asked and answered, by mutation id. */
    public Map<MutationId, Told> told() {
        return told;
    }

    /** How many mutations still wait for their answer. */
    public int unanswered() {
        return unanswered;
    }

    /** A mutation and its reply. */
    public record Told(Mutation mutation, Reply reply) {}
}
